"""Runs that are too long for a chapter; their results lie in ``chapters/results``."""
