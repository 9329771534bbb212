"""Export of a selection."""
