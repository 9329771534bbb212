"""`python -m goodside_train`: train and export, one task a command."""

from __future__ import annotations

from goodside_train.cli import main

if __name__ == "__main__":
    main()
