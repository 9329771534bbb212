"""A portrait that is turned while somebody watches."""
