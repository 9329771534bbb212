"""From a trained assessor to shipped weights: ONNX, int8, and the figures of the card."""
