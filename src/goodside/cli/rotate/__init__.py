"""`goodside rotate`."""
