"""The good side: a face turned both ways, every view scored, left compared with right."""
