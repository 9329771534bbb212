"""The generator and its discriminators, and networks read back from ONNX files."""
