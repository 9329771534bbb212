"""The head as a mesh, and where each pixel of a turned portrait comes from."""
