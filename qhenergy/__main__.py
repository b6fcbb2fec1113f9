"""`python -m qhenergy` is the command line."""

from qhenergy.cli.main import app

app()
