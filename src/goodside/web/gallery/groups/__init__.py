"""Bursts and other groups, with their frames side by side."""
