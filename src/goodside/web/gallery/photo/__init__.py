"""One photograph: everything that is known of it."""
