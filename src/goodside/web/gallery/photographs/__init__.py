"""All photographs: the grid, its filters and the timeline."""
