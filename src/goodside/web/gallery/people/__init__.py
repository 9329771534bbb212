"""People: cards, faces, who they might be."""
