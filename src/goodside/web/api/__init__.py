"""`/v1`: the album and both engines for other programs."""
