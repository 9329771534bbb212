"""The training package: torch lives here and only here."""
