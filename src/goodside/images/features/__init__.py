"""What a photographer would say of a picture, as far as it can be measured on its pixels."""

from goodside.images.features.tones import Tones, measure_tones
from goodside.images.features.visual_features import VisualFeatures, measure_visual_features

__all__ = ["Tones", "VisualFeatures", "measure_tones", "measure_visual_features"]
