"""The command line. Every command reads, does one thing, and ends with a documented exit code; see `cli.app`."""

from __future__ import annotations

# Their order is that of the help.
from qhenergy.cli import cases, inputs, portfolios, results, studies  # noqa: F401
from qhenergy.cli.app import app

# isort: split
from qhenergy.cli import alternatives  # noqa: F401

if __name__ == "__main__":
    app()
