"""What a photograph's metadata say: when, where, with what, and in whose words."""
