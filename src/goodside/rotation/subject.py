"""One person in one photograph, prepared once and turned as often as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from goodside.face import PersonMatte, load_canonical
from goodside.images import resize
from goodside.rotation.geometry.frame import Window, usable_window
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.head_fit import find_stains, fit_rim, head_mesh
from goodside.rotation.geometry.layers import MATTE_PX, Layers, split_layers
from goodside.rotation.geometry.masks import eroded
from goodside.rotation.geometry.raster import rasterize, sample
from goodside.rotation.portrait import cut_portrait, shown_part
from goodside.types import Face, FloatArray, Pose, RgbImage, Turned

_NO_FACE = 0.5  # mean share of the person over the face below which the matte is wrong
_CLEAR_PX = 3  # how far to keep clear of the face's outline, at `MATTE_PX`


@dataclass(frozen=True, slots=True)
class Subject:
    """One person in one photograph, ready to be turned.

    Attributes:
        face: as found in the photograph.
        head: its mesh and portrait frame.
        portrait: (P, P, 3) uint8 the frame cut out of the photograph; P is twice the larger of
            the sizes of result and network.
        layers: the portrait, split into the person and the backdrop.
        window: the part of the frame that results show: what the photograph fills of it, and
            where the face goes (see `framed`).
        embedding: (D,) float32 unit identity vector of the face in the photograph.
        path: the photograph, if it was a file.
    """

    face: Face
    head: HeadMesh
    portrait: RgbImage
    layers: Layers
    window: Window
    embedding: FloatArray
    path: str | None

    def framed(self, poses: Sequence[Pose]) -> Subject:
        """The subject with a window that holds the whole face in all these poses.

        A head turns about an axis far behind the face, so a face that is turned leaves a close
        crop of the photograph.
        """
        if not poses:
            return self
        places = np.concatenate([self.head.landmarks(pose) for pose in poses])
        return replace(self, window=self.window.holding(places))

    def whole_frame(self) -> Subject:
        """The subject with a window that shows all of the frame, past the photograph's edge too."""
        return replace(self, window=Window())

    def picture(self, *, size_px: int) -> RgbImage:
        """(S, S, 3) uint8: the photograph, cropped like the results."""
        corner = np.array([self.window.left, self.window.top]) * len(self.portrait)
        left, top = (round(float(edge)) for edge in corner)
        side = round(self.window.side * len(self.portrait))
        cut = self.portrait[top : top + side, left : left + side]
        return resize(cut, width_px=size_px, height_px=size_px)


@dataclass(frozen=True, slots=True)
class TurnSeries:
    """A subject and the turned pictures of them, one a pose asked for."""

    subject: Subject
    turned: tuple[Turned, ...]


def prepare_subject(
    rgb: RgbImage,
    face: Face,
    *,
    matting: PersonMatte,
    embedding: FloatArray,
    portrait_px: int,
    path: str | None = None,
) -> Subject:
    """The subject of a face found in a photograph.

    Args:
        rgb: (H, W, 3) uint8 photograph.
        face: found in it.
        matting: tells the person from the backdrop.
        embedding: (D,) float32 unit identity vector of the face.
        portrait_px: side of the portrait, twice the larger of the sizes of result and network.
        path: the photograph, if it was a file.
    """
    head = head_mesh(face)
    height, width = rgb.shape[:2]
    return subject_from_portrait(
        cut_portrait(rgb, head.frame, size_px=portrait_px),
        head,
        face=face,
        matting=matting,
        embedding=embedding,
        shown=shown_part(head.frame, height=height, width=width, size_px=MATTE_PX),
        window=usable_window(head.frame, width=width, height=height),
        path=path,
    )


def subject_from_portrait(
    portrait: RgbImage,
    head: HeadMesh,
    *,
    face: Face,
    matting: PersonMatte,
    embedding: FloatArray,
    window: Window,
    shown: FloatArray | None = None,
    path: str | None = None,
) -> Subject:
    """The subject that a portrait shows. Every subject is put together here, and nowhere else.

    Args:
        portrait: (P, P, 3) uint8 in the head's frame.
        head: not yet fitted to the portrait.
        face: the face that the head was built from, in pixels of the picture around the frame.
        matting: tells the person from the backdrop.
        embedding: (D,) float32 unit identity vector of the face.
        window: the part of the frame that results show.
        shown: (256, 256) float32, 0 where the portrait reaches past its photograph; by default it
            does not.
        path: the photograph, if it was a file.
    """
    head, layers = segment_portrait(head, portrait, matting=matting, shown=shown)
    return Subject(
        face=face,
        head=head,
        portrait=portrait,
        layers=layers,
        window=window,
        embedding=embedding,
        path=path,
    )


def segment_portrait(
    head: HeadMesh,
    portrait: RgbImage,
    *,
    matting: PersonMatte,
    shown: FloatArray | None = None,
) -> tuple[HeadMesh, Layers]:
    """Fit a head's rim to its portrait, and split the portrait into person and backdrop.

    The face is the person, whatever the network says of it, as it loses foreheads in close crops.
    Where it takes most of the face for backdrop, all of the portrait counts as the person.

    Args:
        head: of the portrait.
        portrait: (P, P, 3) uint8 in the head's frame.
        matting: tells the person from the backdrop.
        shown: (256, 256) float32, 0 where the portrait reaches past its photograph; by default it
            does not.
    """
    matte = matting.of([portrait])[0]
    on_face = sample(matte[..., None], head.landmarks(head.pose))
    if on_face.mean() < _NO_FACE:
        matte = np.ones_like(matte)
    matte = np.maximum(matte, _surely_face(head, size_px=len(matte)))
    head = find_stains(fit_rim(head, matte, shown=shown), portrait)
    return head, split_layers(portrait, matte, shown=shown)


def _surely_face(head: HeadMesh, *, size_px: int) -> FloatArray:
    """(S, S) float32: 1 where the portrait shows the face, 0 where it does not or hardly."""
    raster = rasterize(head.posed(head.pose), load_canonical().triangles, size_px=size_px)
    face = (raster.triangle >= 0).astype(np.uint8)
    return eroded(face, by_px=_CLEAR_PX).astype(np.float32)
