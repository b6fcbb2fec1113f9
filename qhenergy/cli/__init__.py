"""Floor 10: words of the command line."""
