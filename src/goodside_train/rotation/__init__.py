"""Face rotation: data, networks, losses, the task that joins them, and evaluation."""
