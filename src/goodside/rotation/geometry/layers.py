"""A portrait split into the person and the backdrop, so that a turn moves only the person.

A mesh that turns a whole portrait drags the backdrop along with the hair, and shows it between ear
and jaw as soon as the head's side comes into view. Split, the person's colours go on beyond
their outline, the backdrop's go on behind them, and the turned person is laid over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from goodside.images import resize
from goodside.rotation.geometry.fill import fill_gaps
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.masks import dilated, eroded
from goodside.rotation.geometry.raster import sample, sample_rgba
from goodside.rotation.geometry.resample import enlarge, shrink
from goodside.rotation.geometry.warp import Warp, soften_tears
from goodside.types import FloatArray, RgbImage

_Any = TypeVar("_Any", np.uint8, np.float32)

MATTE_PX = 256
_FILL_PX = 32  # side at which hidden places are filled
_INSIDE_PX, _OUTSIDE_PX = 2, 3  # clear of the person's outline, at `MATTE_PX`; by eye
_HARDLY_ANY = 0.01  # share of a portrait that is too little to continue a backdrop from
_VAGUE_PX = 4  # side of the picture that then stands in for it
_BINOMIAL = ImageFilter.Kernel((3, 3), (1, 2, 1, 2, 4, 2, 1, 2, 1))
_BILINEAR = Image.Resampling.BILINEAR
_EASE = 0.012  # sides over which what is hidden or borrowed gives way to its surroundings
_COARSER = 4  # how much smaller each picture is that places stretched the more are read from
_LEVELS = 3
_AS_IT_IS = 3.0  # texels longer than wide by no more are read as they are; measured, decision 16


@dataclass(frozen=True)
class Layers:
    """A portrait split into person and backdrop.

    Attributes:
        person: (P, P, 3) uint8, the person, their colours going on beyond their outline.
        backdrop: (P, P, 3) uint8, what stands behind, going on where they hide it.
        matte: (256, 256) float32, the person's share of each pixel.
        bare: (256, 256) float32, 1 where the portrait shows the backdrop for certain.
        shown: (256, 256) float32, 0 beyond the photograph's edge, 1 elsewhere.
    """

    person: RgbImage
    backdrop: RgbImage
    matte: FloatArray
    bare: FloatArray
    shown: FloatArray

    _sizes: dict[int, Layers] = field(default_factory=dict, repr=False, compare=False)
    _views: dict[tuple[Window, int], tuple[RgbImage, FloatArray]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def sized(self, size_px: int) -> Layers:
        """The same at another size of its pictures; made once for each."""
        if size_px == len(self.person):
            return self
        if size_px not in self._sizes:
            person, backdrop = (
                resize(picture, width_px=size_px, height_px=size_px, kernel="box")
                for picture in (self.person, self.backdrop)
            )
            self._sizes[size_px] = replace(
                self, person=person, backdrop=backdrop, _sizes={}, _views={}
            )
        return self._sizes[size_px]

    def behind(self, window: Window, *, size_px: int) -> tuple[RgbImage, FloatArray]:
        """(S, S, 3) uint8 `backdrop`, (S, S) float32 `bare` in a window; made once for each."""
        if (window, size_px) not in self._views:
            self._views[window, size_px] = (
                _windowed(self.backdrop, window, size_px=size_px),
                _windowed(self.bare, window, size_px=size_px),
            )
        return self._views[window, size_px]

    @cached_property
    def cut_out(self) -> RgbImage:
        """(P, P, 4) uint8 `person` and, in a fourth channel, `matte`, to be read together."""
        share = enlarge(self.matte[..., None], len(self.person)) * np.float32(255)
        return np.concatenate([self.person, np.rint(share).astype(np.uint8)], axis=-1)

    @cached_property
    def coarser(self) -> tuple[RgbImage, ...]:
        """The person ever smaller, for places that a turn stretches; the fourth channel is full."""
        images = [Image.fromarray(self.person).convert("RGBA")]
        while len(images) < _LEVELS and images[-1].width >= _COARSER:
            images.append(images[-1].reduce(_COARSER))
        return tuple(np.asarray(image) for image in images[1:])

    @cached_property
    def whole(self) -> bool:
        """Whether the portrait ends nowhere before its frame does."""
        return bool((self.shown == 1).all())


@dataclass(frozen=True, slots=True)
class Draft:
    """A turned portrait as far as the photograph tells it.

    Attributes:
        warped: (S, S, 3) float32, 0-255, the turned person before the backdrop.
        confidence: (S, S) float32, how far each pixel of it can be trusted, 0-1.
        mirrored: (S, S, 3) float32 the same with every place of the head read from its other side.
        mirrored_confidence: (S, S) float32 likewise.
        person: (S, S) float32, 0-1, the person's share of each pixel; the rest is backdrop.
    """

    warped: FloatArray
    confidence: FloatArray
    mirrored: FloatArray
    mirrored_confidence: FloatArray
    person: FloatArray

    @property
    def mended(self) -> FloatArray:
        """(S, S, 3) float32 `warped`, the mirror image standing in where it is known much better.

        The generator's picture is a change to it.
        """
        borrowed = np.clip(2 * (self.mirrored_confidence - self.confidence) - 0.5, 0, 1)
        mended, there = self.warped.copy(), np.nonzero(borrowed)
        share = borrowed[there][:, None]
        mended[there] += share * (self.mirrored[there] - self.warped[there])
        return mended


def split_layers(
    portrait: RgbImage, matte: FloatArray, *, shown: FloatArray | None = None
) -> Layers:
    """Split a portrait into the person and the backdrop.

    Args:
        portrait: (P, P, 3) uint8.
        matte: (256, 256) float32, the person's share of each pixel.
        shown: (256, 256) float32, 0 where the portrait reaches past its photograph; by default it
            does not.
    """
    shown = np.ones_like(matte) if shown is None else shown
    mask = np.rint(matte * 255).astype(np.uint8)
    inside, around = (
        near.astype(np.float32) / np.float32(255)
        for near in (eroded(mask, by_px=_INSIDE_PX), dilated(mask, by_px=_OUTSIDE_PX))
    )
    inside, bare = inside * shown, (1 - around) * shown
    small = resize(portrait, width_px=MATTE_PX, height_px=MATTE_PX, kernel="box").astype(np.float32)
    person, backdrop = (_continued(portrait, small, known=known) for known in (inside, bare))
    if bare.mean() < _HARDLY_ANY:
        backdrop = resize(portrait, width_px=_VAGUE_PX, height_px=_VAGUE_PX, kernel="box")
        backdrop = resize(backdrop, width_px=len(portrait), height_px=len(portrait))
    return Layers(person, backdrop, matte=matte, bare=bare, shown=shown)


def draft(layers: Layers, plan: Warp, *, window: Window | None = None) -> Draft:
    """Turn the person by a plan and lay them over the backdrop.

    Places that the plan stretches are read from a coarser picture, as they would be streaks; places
    that the head hides are filled from around them on the person, as the plan shows there what is
    in front. The head is solid: where a portrait has backdrop, it shows the person's colours. Of
    what it hides beside the head there is as much as around it, and of hair at least as much as on
    its other side.

    Args:
        layers: of the portrait that the plan reads.
        plan: of the turn.
        window: the part of the frame that the plan shows, by default all of it.
    """
    window, size_px = window or Window(), len(plan.grid)
    visible = _eased(plan.visible)
    person, own = _read(layers, plan.grid)
    person = _coarsened(person, layers.coarser, plan)
    person = soften_tears(person, grid=plan.grid)
    person = _filled(person, known=visible * own)
    seen = own * _shown(layers, plan.grid)
    borrows = np.nonzero(plan.mirrored_confidence)
    opposite = plan.mirrored[borrows]
    mirror, mirror_seen = np.zeros_like(own), np.zeros_like(seen)
    reflected, mirror[borrows] = _read(layers, opposite)
    mirror_seen[borrows] = mirror[borrows] * _shown(layers, opposite)
    borrowed = plan.mirrored_confidence * _eased(plan.mirrored_confidence > 0) * mirror_seen
    around = _filled(own[..., None], known=visible)[..., 0]
    hidden = np.maximum(mirror, np.clip(4 * around - 1.5, 0, 1))  # as around it, not half of it
    solid = np.maximum(visible * own + (1 - visible) * hidden, _soft(plan.head))
    known = np.minimum(plan.confidence, visible) * seen
    backdrop, bare = layers.behind(window, size_px=size_px)
    warped = backdrop + solid[..., None] * (person - backdrop)
    mirrored = warped.copy()
    mirrored[borrows] += solid[borrows][:, None] * (reflected - person[borrows])
    return Draft(
        warped=warped,
        confidence=(solid * known + (1 - solid) * bare).astype(np.float32),
        mirrored=mirrored,
        mirrored_confidence=solid * borrowed,
        person=solid,
    )


def _read(layers: Layers, grid: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(..., 3) colours of the person at places, 0-255, and (...) the person's share, 0-1."""
    read = sample_rgba(layers.cut_out, grid)
    return np.ascontiguousarray(read[..., :3]), read[..., 3] / np.float32(255)


def _shown(layers: Layers, grid: FloatArray) -> FloatArray | float:
    """(...) how far the photograph shows places at all; 1 for one that fills its frame."""
    return 1.0 if layers.whole else sample(layers.shown[..., None], grid)[..., 0]


def _continued(portrait: RgbImage, small: FloatArray, *, known: FloatArray) -> RgbImage:
    """(P, P, 3) the portrait where it is known, and what is known continued elsewhere."""
    filled, size = fill_gaps(small, known=(known > 0.9).astype(np.float32)), (len(portrait),) * 2
    continued, share = (
        Image.fromarray(np.rint(one).clip(0, 255).astype(np.uint8)).resize(size, _BILINEAR)
        for one in (filled, 255 * known)
    )
    return np.array(Image.composite(Image.fromarray(portrait), continued, share))


def _coarsened(person: FloatArray, coarser: Sequence[RgbImage], plan: Warp) -> FloatArray:
    """The person as read by a plan, changed in place: coarser the more that stretches them."""
    places, read = plan.grid.reshape(-1, 2), person.reshape(-1, 3)
    stretch = np.maximum(1 + plan.stretch - _AS_IT_IS, 1).ravel()
    depth = np.log(stretch) / np.float32(np.log(_COARSER))
    for level, picture in enumerate(coarser):
        here = np.flatnonzero(depth > level)
        share = np.minimum(depth[here] - level, 1)[:, None]
        finer = read[here]
        read[here] = finer + share * (sample_rgba(picture, places[here])[:, :3] - finer)
    return read.reshape(person.shape)


def _filled(person: FloatArray, *, known: FloatArray) -> FloatArray:
    """(S, S, C) a picture whose unknown pixels are filled from the known ones around."""
    if known.min() > 0.99:
        return person
    weight = shrink(known[..., None], _FILL_PX)
    means = shrink(person * known[..., None], _FILL_PX) / np.maximum(weight, 1e-6)
    filled = enlarge(fill_gaps(means.astype(np.float32), known=weight[..., 0]), len(person))
    mended: FloatArray = filled + known[..., None] * (person - filled)
    return mended


def _soft(mask: NDArray[np.bool_]) -> FloatArray:
    """(S, S) bool -> float32, its outline a pixel or two wide."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.filter(_BINOMIAL), np.float32) / np.float32(255)


def _eased(mask: NDArray[np.bool_] | FloatArray) -> FloatArray:
    """(S, S) float32 a mask that falls to 0 softly before its border, and without jags."""
    image = Image.fromarray(np.rint(np.asarray(mask, np.float32) * 255).astype(np.uint8))
    blurred = image.filter(ImageFilter.GaussianBlur(_EASE * len(mask)))
    eased: FloatArray = np.asarray(blurred, np.float32) / np.float32(127.5) - 1
    return eased.clip(0, 1)


def _windowed(picture: NDArray[_Any], window: Window, *, size_px: int) -> NDArray[_Any]:
    """(size_px, size_px, ...) the part of a picture of the whole frame in a window, in its type."""
    size, box = (size_px, size_px), window.box(len(picture))
    return np.asarray(Image.fromarray(picture).resize(size, _BILINEAR, box=box))
