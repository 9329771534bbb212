"""Alembic's migrations: `env.py` and one numbered file a revision in `versions`."""
