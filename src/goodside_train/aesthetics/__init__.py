"""Training of the aesthetic assessor: data, networks, losses, task, evaluate."""
