"""`/v1` about the album: what is in it, and every decision about it."""
