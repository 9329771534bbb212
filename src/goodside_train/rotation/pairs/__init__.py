"""Training pairs: made once from portraits, kept in files, drawn in batches."""
