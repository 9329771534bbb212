"""The journal of decisions, with undo."""
