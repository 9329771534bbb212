"""People at several angles: one reader a layout, one shape of portraits."""
