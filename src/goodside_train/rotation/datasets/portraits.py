"""Pictures of people at several angles, by name until one is needed, whatever their data set."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.errors import SettingsError
from goodside.face import FaceFinder
from goodside.images import read_photo
from goodside.types import Face, Pose, RgbImage
from goodside_train.rotation.recipe import RotationDataRecipe


@dataclass(frozen=True, slots=True)
class PosedPortrait:
    """One picture of someone, not read yet.

    Attributes:
        path: the picture.
        identity: who it shows.
        moment: what both pictures of a pair have in common beside the person, such as the session.
        light: the light it was taken under.
        yaw_deg, pitch_deg, roll_deg: the known pose; an angle that is None is measured.
        side_known: False where the sign of the yaw is a custom of the data set; the face decides.
    """

    path: Path
    identity: str
    moment: str = ""
    light: str = ""
    yaw_deg: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    yaw_sign_known: bool = True


@dataclass(frozen=True, slots=True)
class PortraitDataset:
    """A data set of people at several angles.

    Attributes:
        shots: all of its pictures that may be trained on.
        rendered: its pictures of one person were made by one camera, transparent around the head;
            else they are photographs, and each stands in its own frame.
    """

    portraits: tuple[PosedPortrait, ...]
    rendered: bool = False

    def people(
        self, recipe: RotationDataRecipe, *, held_out: bool
    ) -> Iterator[tuple[str, list[PosedPortrait]]]:
        """Every identity that is trained on, or every one that is kept out, with its pictures."""
        people: dict[str, list[PosedPortrait]] = {}
        for portrait in self.portraits:
            people.setdefault(portrait.identity, []).append(portrait)
        for identity in sorted(people):
            if is_held_out(identity, recipe) is held_out:
                yield identity, people[identity]


@dataclass(frozen=True, slots=True)
class LoadedPortrait:
    """A portrait whose picture was read and whose face was looked for.

    Attributes:
        rgba: (H, W, 4) uint8; opaque for a photograph.
        pose: the true pose, as far as it is known, else the measured one.
        face: what the face finder sees in it; None past its range.
    """

    rgba: RgbImage
    pose: Pose
    face: Face | None


def is_held_out(name: str, recipe: RotationDataRecipe) -> bool:
    """Whether an identity is kept from training: named in the recipe, or by a hash of its name."""
    return name in recipe.held_out or _place_of(name)[0] < 256 * recipe.held_out_share


def with_someone_held_out(
    recipe: RotationDataRecipe, identities: Collection[str]
) -> RotationDataRecipe:
    """A recipe that keeps at least one of some identities out of training.

    Names in a recipe fit its own data, and a small share of few people may fall on nobody. Then it
    is the one whose hash is nearest to any share; of one person nobody.
    """
    if len(identities) < 2 or any(is_held_out(name, recipe) for name in identities):
        return recipe
    chosen = min(identities, key=_place_of)
    return recipe.model_copy(update={"held_out": (*recipe.held_out, chosen)})


def _place_of(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def load_portrait(portrait: PosedPortrait, *, rendered: bool, finder: FaceFinder) -> LoadedPortrait:
    """Read a picture and find its face, over grey where it is transparent.

    Raises:
        SettingsError: a rendered view is missing or cannot be read.
        ImageError: the same of a photograph.
    """
    if rendered:
        rgba = read_rgba(portrait.path)
    else:
        rgb = read_photo(portrait.path).rgb
        rgba = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    found = finder.find(composite(rgba, np.full_like(rgba[..., :3], 128)))
    face = _nearest(found, rgba) if found else None
    return LoadedPortrait(rgba, _pose(portrait, face), face)


def read_rgba(path: Path) -> RgbImage:
    """(H, W, 4) uint8 of a rendered view.

    Raises:
        SettingsError: it is missing or cannot be read.
    """
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise SettingsError(
            f"a rendered view cannot be read: {error}",
            path=path,
            remedy="render it again, or take its line out of views.csv",
        ) from error


def composite(rgba: RgbImage, background: RgbImage) -> RgbImage:
    """A picture with alpha laid over a background of its size: (H, W, 3) uint8."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    laid = rgba[..., :3] * alpha + background * (1 - alpha)
    return np.rint(laid).astype(np.uint8)


def _pose(portrait: PosedPortrait, face: Face | None) -> Pose:
    seen = Pose(0.0, 0.0, 0.0) if face is None else face.pose
    known = (portrait.yaw_deg, portrait.pitch_deg, portrait.roll_deg)
    measured = (seen.yaw_deg, seen.pitch_deg, seen.roll_deg)
    yaw, pitch, roll = (b if a is None else a for a, b in zip(known, measured, strict=True))
    return Pose(yaw if portrait.yaw_sign_known else math.copysign(yaw, seen.yaw_deg), pitch, roll)


def _nearest(found: Sequence[Face], rgba: RgbImage) -> Face:
    """The face nearest to the middle: the one that a data set's picture was taken for."""
    middle = np.array([rgba.shape[1], rgba.shape[0]]) / 2

    def distance(face: Face) -> float:
        return float(np.linalg.norm(face.points.mean(axis=0) - middle))

    return min(found, key=distance)
