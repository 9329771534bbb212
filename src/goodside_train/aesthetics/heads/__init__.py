"""Heads on the features of an encoder: learnt in closed form, in numpy, without torch."""
