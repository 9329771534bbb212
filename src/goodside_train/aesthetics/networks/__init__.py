"""The assessor: trunks, and the multi-task structures on top of them."""
