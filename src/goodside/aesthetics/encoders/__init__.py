"""Image encoders of one's own: CLIP, SigLIP, DINOv2 and their like, as ONNX files."""
