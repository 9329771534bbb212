"""`/v1` of the engines: photographs come in a request, results go out."""
