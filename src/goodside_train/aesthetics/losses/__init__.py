"""The objective: losses, the balance of the tasks, and the relations between them."""
