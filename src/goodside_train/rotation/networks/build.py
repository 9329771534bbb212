"""The generator that a recipe asks for."""

from __future__ import annotations

from goodside_train.rotation.networks.deformable import FLOW_PX, DeformableGenerator
from goodside_train.rotation.networks.generator import Generator
from goodside_train.rotation.recipe import RotationRecipe

AnyGenerator = Generator | DeformableGenerator


def build_generator(recipe: RotationRecipe) -> AnyGenerator:
    """A generator with random weights."""
    if recipe.skips == "deformable":
        return DeformableGenerator(
            landmarks=recipe.landmarks, width=recipe.width, fine=recipe.size_px > FLOW_PX
        )
    return Generator(recipe.recipe, landmarks=recipe.landmarks, width=recipe.width)
