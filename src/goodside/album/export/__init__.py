"""An album's photographs and what is known of them, written for other programs."""
