"""What other networks teach the assessor beside the people who rated."""
