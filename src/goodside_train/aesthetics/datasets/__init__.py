"""Rated photographs: one reader a layout, one shape of labels."""
