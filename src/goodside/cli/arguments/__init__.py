"""What commands take: the command line as a whole, photographs, angles."""
