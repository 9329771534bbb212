"""Bytes to pixels: any allowed format, upright, sRGB, within limits of size, memory and time."""
