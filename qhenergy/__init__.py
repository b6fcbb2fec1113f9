"""Least-cost capacity expansion and hourly dispatch of a provincial power system."""

__version__ = "0.6.0"
