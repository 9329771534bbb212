"""`goodside assess`."""
