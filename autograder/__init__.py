"""Releases exercises from their solutions, checks and grades notebooks, and writes feedback."""
