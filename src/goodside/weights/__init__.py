"""The shipped weights: ONNX files, a card beside each, and the data that belongs to them."""
