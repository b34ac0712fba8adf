"""The page that shows records: its parts as package data, and the line of data that each record becomes in it."""

from agent.report.lines import line

__all__ = ["line"]
