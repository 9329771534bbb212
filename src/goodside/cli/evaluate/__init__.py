"""`goodside evaluate` and `goodside leaks`."""
