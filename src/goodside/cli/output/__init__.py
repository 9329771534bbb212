"""What commands print: terminal, progress, errors and exit codes."""
