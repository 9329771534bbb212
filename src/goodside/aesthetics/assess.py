"""Photographs in, assessments out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from goodside.aesthetics.explanation.explain import Explanation, explain
from goodside.aesthetics.explanation.norms import read_norms
from goodside.aesthetics.explanation.occlusion import effect_map
from goodside.aesthetics.model import AestheticModel
from goodside.aesthetics.taste import Taste, Traits
from goodside.errors import GoodsideError, ImageError
from goodside.images import Limits, Photo, fit, read_photo_guarded, read_photos_guarded
from goodside.images.features import measure_tones, measure_visual_features
from goodside.images.guard import memory_guard
from goodside.runtime import ModelCard, WeightsStore
from goodside.types import Assessment, RgbImage

DEFAULT_MODEL = "aesthetics-free"
Source = str | Path | bytes | RgbImage
_Found = TypeVar("_Found", Assessment, Traits)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A photograph brought to the network's input: (H, W, 3) uint8, and what it was before."""

    pixels: RgbImage
    width: int
    height: int
    path: str | None
    incomplete: bool
    notes: tuple[str, ...]


class Assessor:
    """Judges photographs; loads its network on first use and is then used for any number.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
        model: the name of the weights.
        limits: on the bytes and pixels of a photograph, and on the time that reading it takes.
        taste: gives every assessment a second score, by a person's own taste; on an encoder without
            heads it is the only one.

    Raises:
        WeightsError: there is no such model, or the taste was learnt on another one.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        model: str = DEFAULT_MODEL,
        limits: Limits | None = None,
        taste: Taste | None = None,
    ) -> None:
        self._judge = AestheticModel(store or WeightsStore(), model, threads=threads, taste=taste)
        self._limits = limits or Limits()
        self._taste = taste
        if taste is not None:
            taste.check(self.card)

    @property
    def card(self) -> ModelCard:
        """The card of the weights in use."""
        return self._judge.card

    @property
    def labels(self) -> tuple[str, ...]:
        """The semantic labels the network knows."""
        return self._judge.labels

    def assess(self, source: Source) -> Assessment:
        """Judge one photograph.

        Args:
            source: a file, a file's bytes, or (H, W, 3) uint8 sRGB, upright.

        Raises:
            ImageError: it cannot be read or is no picture.
            WeightsError: the weights are missing or corrupt.
        """
        return self.assess_batch([source])[0]

    def assess_batch(self, sources: Iterable[Source]) -> list[Assessment]:
        """Judge several photographs in one run of the network; the first bad one raises.

        Raises:
            ImageError: one of them cannot be read or is no picture.
            WeightsError: the weights are missing or corrupt.
        """
        self._judge.check_opinion()
        return self._judged(list(self._prepared(sources)))

    def assess_each(
        self, sources: Iterable[Source], *, batch: int = 8
    ) -> Iterator[Assessment | ImageError]:
        """Judge any number of photographs, in their order, a few at a time.

        Args:
            sources: read as the results are taken.
            batch: how many go through the network at once.

        Yields:
            The assessment, or the error that explains why there is none.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """
        self._judge.check_opinion()
        return self._each(sources, batch=batch, judged=self._judged)

    def traits_each(
        self, sources: Iterable[Source], *, batch: int = 8
    ) -> Iterator[Traits | ImageError]:
        """What a taste looks at in any number of photographs; otherwise as `assess_each`.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """
        return self._each(sources, batch=batch, judged=self._traits)

    def embed(self, sources: Iterable[Source]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """The shared features under the heads, (N, D) float32, for search and for personal taste.

        Raises:
            ImageError: one of the photographs cannot be read.
            WeightsError: the weights are missing or corrupt.
        """
        input_ = self.card.preprocessing
        pixels = [item.pixels for item in self._prepared(sources)]
        batch = np.array(pixels, np.uint8).reshape(-1, input_.height_px, input_.width_px, 3)
        features: np.ndarray[tuple[int, int], np.dtype[np.float32]]
        features = self._judge.embed(batch)
        return features

    def network_ms(self) -> float:
        """Median time of the network alone for one photograph, in milliseconds.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """
        return self._judge.time_ms()

    def explain(self, source: Source) -> Explanation:
        """Judge one photograph and say what moved its score; takes some 120 runs.

        Raises:
            ImageError: it cannot be read or is no picture.
            WeightsError: the weights are missing or corrupt, or their card is damaged.
        """
        self._judge.check_opinion()
        with memory_guard(None if isinstance(source, bytes | np.ndarray) else source):
            photo = self._read(source)
            prepared = self._fitted(photo)
            verdicts = self._judge.run(prepared.pixels[None])
            picture = Image.fromarray(photo.rgb)
            return explain(
                self._judged([prepared])[0],
                effect=effect_map(photo.rgb, self._scores),
                attributes=self._judge.attributes(verdicts, 0),
                reference=read_norms(self.card),
                measured=(measure_visual_features(picture), measure_tones(picture)),
            )

    def _scores(self, pictures: list[RgbImage]) -> list[float]:
        return [one.aesthetic.score for one in self.assess_batch(pictures)]

    def _prepared(self, sources: Iterable[Source]) -> Iterator[_Prepared]:
        """Photographs brought to the network's input; the first bad one raises."""
        for item in self._prepared_each(sources):
            if isinstance(item, ImageError):
                raise item
            yield item

    def _prepared_each(self, sources: Iterable[Source]) -> Iterator[_Prepared | ImageError]:
        reading = read_photos_guarded(sources, fit_px=self._decoded_px, limits=self._limits)
        self._judge.load()  # while the first photograph is read
        for _, photo in reading:
            yield photo if isinstance(photo, ImageError) else self._fitted_or_not(photo)

    def _fitted_or_not(self, photo: Photo) -> _Prepared | ImageError:
        try:
            with memory_guard(photo.path):
                return self._fitted(photo)
        except ImageError as error:
            return error

    def _read(self, source: Source) -> Photo:
        return read_photo_guarded(source, fit_px=self._decoded_px, limits=self._limits)

    @property
    def _decoded_px(self) -> int:
        """Twice the input's size leaves the last reduction to one antialiased step."""
        input_ = self.card.preprocessing
        return 2 * max(input_.width_px, input_.height_px)

    def _fitted(self, photo: Photo) -> _Prepared:
        input_ = self.card.preprocessing
        if input_.fit == "aligned":
            raise GoodsideError(f"the card of {self.card.name} names no way to fit a photograph")
        pixels = fit(
            photo.rgb,
            width_px=input_.width_px,
            height_px=input_.height_px,
            how=input_.fit,
            fill=input_.mean,
            kernel="bicubic",
        )
        return _Prepared(
            pixels, photo.width, photo.height, photo.path, photo.incomplete, photo.notes
        )

    def _judged(self, prepared: list[_Prepared]) -> list[Assessment]:
        if not prepared:
            return []
        verdicts = self._judge.run(np.stack([item.pixels for item in prepared]))
        liked = None if self._taste is None else self._taste.scores(self._judge.traits(verdicts))
        return [
            Assessment(
                width=item.width,
                height=item.height,
                aesthetic=self._judge.aesthetic(verdicts, row),
                semantics=self._judge.tags(verdicts, row),
                model=self.card.identifier,
                path=item.path,
                taste=None if liked is None else float(liked[row]),
                incomplete=item.incomplete,
                notes=item.notes,
                verdict=self._judge.photo_verdict(verdicts, row),
                technical=self._judge.technical(verdicts, row),
                words=self._judge.words(verdicts, row),
            )
            for row, item in enumerate(prepared)
        ]

    def _traits(self, prepared: list[_Prepared]) -> list[Traits]:
        if not prepared:
            return []
        seen = self._judge.see(np.stack([item.pixels for item in prepared]))
        return [
            Traits(
                seen.score[row, None],
                seen.embedding[row, None],
                seen.tags[row, None],
                has_score=seen.has_score,
            )
            for row in range(len(prepared))
        ]

    def _each(
        self,
        sources: Iterable[Source],
        *,
        batch: int,
        judged: Callable[[list[_Prepared]], list[_Found]],
    ) -> Iterator[_Found | ImageError]:
        waiting: list[_Prepared | ImageError] = []
        for item in self._prepared_each(sources):
            waiting.append(item)
            if len(waiting) >= batch:
                yield from _settled(waiting, judged=judged)
                waiting = []
        yield from _settled(waiting, judged=judged)


def _settled(
    waiting: list[_Prepared | ImageError], *, judged: Callable[[list[_Prepared]], list[_Found]]
) -> Iterator[_Found | ImageError]:
    found = iter(judged([item for item in waiting if isinstance(item, _Prepared)]))
    for item in waiting:
        yield next(found) if isinstance(item, _Prepared) else item
