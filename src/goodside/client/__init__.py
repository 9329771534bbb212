"""Asking a running `goodside serve` from Python; needs `pip install goodside[client]`."""
