"""Folders to the photographs in them, and what is left out."""
