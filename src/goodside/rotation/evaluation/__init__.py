"""How well faces are turned: likeness, pose, realism, recognition."""
