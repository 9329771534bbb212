"""Searching an album, and the order of what is found."""
