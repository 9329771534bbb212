"""`goodside model`."""
