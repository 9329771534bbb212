"""Files written whole or not at all, never over an original; made pictures carry their mark."""
