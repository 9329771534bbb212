"""One file read once: identified, decoded once, and everything wanted computed from that."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.aesthetics.assess import DEFAULT_MODEL
from goodside.aesthetics.model import AestheticModel
from goodside.aesthetics.network import check_opinion
from goodside.album.catalog import FaceFacts, FileStamp, PhotoFacts, Source, StoredAssessment
from goodside.album.metadata.records import facts_of
from goodside.album.scan.job import Finding, Job, Measured
from goodside.album.scan.technical_quality import (
    FIGURES,
    TechnicalQuality,
    measure_technical_quality,
)
from goodside.album.scan.walk import UNREACHED
from goodside.album.thumbnail import shrink
from goodside.errors import ImageError, OutOfMemory, UnreadableImage, WeightsError
from goodside.face import FACE_MODELS, Crop, Embedder, FaceFinder
from goodside.face.eyes import judge_eyes
from goodside.images import Limits, Photo, fit, read_photo
from goodside.images.features import VisualFeatures, measure_visual_features
from goodside.images.guard import memory_guard
from goodside.images.metadata.photo_metadata import PhotoMetadata, read_metadata
from goodside.images.orientation import turn_photo
from goodside.images.similarity.phash import perceptual_hash
from goodside.images.similarity.spectrum import measure_spectrum
from goodside.regular_file import NotRegularFile
from goodside.runtime import WeightsStore
from goodside.tags import NOT_A_PHOTOGRAPH
from goodside.types import Box, Face, FloatArray, RgbImage

_DECODE_PX = 1080
"""The shorter side decoded at least; a 12-megapixel JPEG comes at half its size, 2000 x 1500."""
_SMALL_PX = 480
_THUMBNAIL_PX, _CROP_PX, _QUALITY = 480, 160, 80
_CROP_MARGIN = 1.6
_MIN_FACE = 1 / 24
_FACES = "2"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an analyst needs; small enough to be sent to a process.

    Attributes:
        weights: folder of the weights; None: the package's own.
        limits: on the bytes and pixels of a photograph.
        judge: name of the weights that judge photographs.
        models: folder of a person's own models beside those; None: there are none.
    """

    weights: Path | None = None
    limits: Limits = field(default_factory=Limits)
    judge: str = DEFAULT_MODEL
    models: Path | None = None

    def open_store(self) -> WeightsStore:
        """All weights there are."""
        own = None if self.models is None else WeightsStore(self.models)
        return WeightsStore(self.weights, others=own)


@dataclass(frozen=True, slots=True)
class Versions:
    """By what things are computed now; what was computed by something else is due again.

    Attributes:
        figures: `PhotoFacts`.
        judge: the model of the assessment.
        faces: the analysis of faces.
    """

    figures: str
    judge: str
    faces: str

    @classmethod
    def of(cls, setup: Setup) -> Versions:
        """Those of an analyst with this setup.

        Raises:
            WeightsError: a model's card is missing, or the judge is an encoder without heads.
        """
        store = setup.open_store()
        judge = store.card(setup.judge)
        check_opinion(judge)
        faces = " ".join(store.card(name).identifier for name in FACE_MODELS)
        return cls(FIGURES, judge.identifier, f"{_FACES} {faces}")


class Analyzer:
    """Turns files into what the catalog keeps; loads each network on first use.

    Args:
        setup: where the weights lie, and the limits.
    """

    def __init__(self, setup: Setup) -> None:
        store = setup.open_store()
        self._store, self._limits = store, setup.limits
        self._judge = AestheticModel(store, setup.judge)
        self._finder = FaceFinder(store=store, min_face=_MIN_FACE)
        self._embedder = Embedder(store=store)

    def analyze(self, job: Job) -> Finding:
        """Do a job; what is wrong with the file is metadata in the finding.

        Raises:
            WeightsError: a network is missing or corrupt.
        """
        try:
            data, stamp = _read(job.path, limits=self._limits)
        except ImageError as error:
            return Finding(job, _stamp_of_unread(job, error), error=error)
        try:
            sha256 = hashlib.sha256(data).hexdigest()
            alone = job.figures or job.faces
            if sha256 in job.finished or not alone:
                metadata = self._metadata(job, data) if sha256 in job.finished else None
                return Finding(job, stamp, sha256, metadata=metadata)
            with memory_guard(job.path):
                photo = read_photo(
                    data, fit_px=_DECODE_PX, draft=1, limits=self._limits, name=job.path
                )
                metadata = self._metadata(job, data, upright_size=(photo.width, photo.height))
                if metadata.turned_beside:
                    photo = turn_photo(photo, metadata.orientation)
                size = len(data)
                del data
                measured = self._measured(photo, metadata, size) if job.figures else None
                faces = self._faces(photo) if job.faces else None
        except ImageError as error:
            return Finding(job, stamp, error=error)
        except MemoryError:
            return Finding(job, stamp, error=OutOfMemory.of_photo(job.path))
        return Finding(job, stamp, sha256, measured, faces, metadata)

    def _metadata(
        self, job: Job, data: bytes, *, upright_size: tuple[int, int] | None = None
    ) -> PhotoMetadata:
        return read_metadata(
            job.path,
            sidecars=job.sidecars,
            limits=self._limits,
            data=data,
            upright_size=upright_size,
        )

    def _measured(self, photo: Photo, metadata: PhotoMetadata, size_bytes: int) -> Measured:
        picture = photo.picture
        small = _halved(picture)
        wanted = self._judge.card.preprocessing
        input_px = max(wanted.width_px, wanted.height_px)
        seen = small if input_px <= _SMALL_PX else _halved(picture, side_px=input_px)
        judged, embedding = self._judged(seen)
        return Measured(
            facts=_facts(
                photo,
                metadata,
                figures=measure_technical_quality(picture),
                features=measure_visual_features(Image.fromarray(small)),
                phash=perceptual_hash(small),
            ),
            thumbnail=shrink(small, side_px=_THUMBNAIL_PX, quality=_QUALITY, tight=False).jpeg,
            judged=judged,
            embedding=embedding,
            source=Source(size_bytes, metadata.program, measure_spectrum(picture)),
        )

    def _judged(self, rgb: RgbImage) -> tuple[StoredAssessment, FloatArray]:
        wanted = self._judge.card.preprocessing
        if wanted.fit == "aligned":
            raise WeightsError(f"the card of {self._judge.card.name} names no way to fit a photo")
        pixels = fit(
            rgb,
            width_px=wanted.width_px,
            height_px=wanted.height_px,
            how=wanted.fit,
            fill=wanted.mean,
            kernel="bicubic",
        )
        verdicts = self._judge.run(pixels[None])
        vector = verdicts.embedding[0]
        tags = {tag.label: tag.probability for tag in self._judge.tags(verdicts, 0)}
        seen = self._judge.photo_verdict(verdicts, 0)
        if seen is not None and not seen.is_photo:
            tags[NOT_A_PHOTOGRAPH] = 1 - seen.chance
        return (
            StoredAssessment(
                model=self._judge.card.identifier,
                aesthetic=self._judge.aesthetic(verdicts, 0),
                tags=tags,
                technical=self._judge.technical(verdicts, 0),
                words={word.label: word.probability for word in self._judge.words(verdicts, 0)},
                attributes={
                    name: round(value, 3)
                    for name, value in self._judge.attributes(verdicts, 0).items()
                },
            ),
            (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32),
        )

    def _faces(self, photo: Photo) -> tuple[FaceFacts, ...]:
        found = self._finder.find(photo.rgb)
        vectors = self._embedder.embed(photo.rgb, found)
        return tuple(
            FaceFacts(
                box=_enlarged(face.box, photo.scale),
                points=((face.points + 0.5) * photo.scale - 0.5).astype(np.float32),
                pose=face.pose,
                score=face.score,
                mesh_score=face.mesh_score,
                sharpness=face.sharpness,
                eyes_open=judge_eyes(photo.rgb, face, store=self._store),
                embedding=vector,
                crop=_crop(photo.rgb, face),
                quality=face.quality,
            )
            for face, vector in zip(found, vectors, strict=True)
        )


def _read(path: Path, *, limits: Limits) -> tuple[bytes, FileStamp]:
    """A file's bytes and its stamp, which was the same before and after.

    Raises:
        UnreadableImage: missing, no permission, empty, or written to meanwhile.
        ImageTooLarge: past the limit on bytes.
    """
    from goodside.images.decoding.opening import opened

    with opened(path, limits=limits, path=str(path)) as stream:
        before = _stamp(stream.fileno())
        try:
            with memory_guard(path):
                data = stream.read()
        except OSError as error:
            raise UnreadableImage(
                f"reading it failed: {error.strerror}", path=path, remedy="check the disc"
            ) from error
        if _stamp(stream.fileno()) != before:
            raise UnreadableImage(
                "it changed while it was read", path=path, remedy="scan again when it is complete"
            ) from BlockingIOError(errno.EAGAIN, "somebody writes to it")
    return data, before


def _stamp_of_unread(job: Job, error: ImageError) -> FileStamp:
    """The file's own where it says what is wrong with it, none where the system's is metadata."""
    cause = error.__cause__
    if not isinstance(cause, OSError) or isinstance(cause, NotRegularFile):
        return job.stamp
    if job.path.is_symlink() and not os.path.exists(job.path):  # noqa: PTH110  (never raises)
        stat = job.path.lstat()
        return FileStamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return UNREACHED


def _stamp(file: int) -> FileStamp:
    stat = os.fstat(file)
    return FileStamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _halved(picture: Image.Image, *, side_px: int = _SMALL_PX) -> RgbImage:
    """The picture, by whole-number means as small as thumbnail and network need it."""
    factor = max(1, min(picture.size) // side_px)
    return np.asarray(picture.reduce(factor))


def _facts(
    photo: Photo,
    metadata: PhotoMetadata,
    *,
    figures: TechnicalQuality,
    features: VisualFeatures,
    phash: int,
) -> PhotoFacts:
    return replace(
        facts_of(metadata),
        width=photo.width,
        height=photo.height,
        phash=phash,
        sharpness=figures.sharpness,
        brightness=figures.brightness,
        contrast=figures.contrast,
        clipped_dark=figures.clipped_dark,
        clipped_bright=figures.clipped_bright,
        **{one.name: getattr(features, one.name) for one in fields(features)},
        incomplete=photo.incomplete,
        notes="\n".join(photo.notes) or None,
    )


def _enlarged(box: Box, scale: float) -> Box:
    edges = ((edge + 0.5) * scale - 0.5 for edge in (box.left, box.top, box.right, box.bottom))
    return Box(*edges)


def face_square(box: Box, *, width_px: int, height_px: int) -> Crop:
    """The square of a picture that shows a face with some of what is around it.

    At the picture's edge it moves inward, and where it is larger than the picture it shrinks, so
    that nothing but the picture is seen; a face that is larger still is shown whole.

    Args:
        box: of the face, pixels.
        width_px: of the picture.
        height_px: of the picture.
    """
    face_side = max(box.width, box.height)
    side = max(min(_CROP_MARGIN * face_side, width_px, height_px), face_side)

    def kept_inside(middle: float, length_px: int) -> float:
        first, last = (side - 1) / 2, length_px - 1 - (side - 1) / 2
        return min(max(middle, first), last) if first <= last else middle

    return Crop(
        kept_inside((box.left + box.right) / 2, width_px),
        kept_inside((box.top + box.bottom) / 2, height_px),
        side,
    )


def _crop(rgb: RgbImage, face: Face) -> bytes:
    around = face_square(face.box, width_px=rgb.shape[1], height_px=rgb.shape[0])
    return shrink(around.cut(rgb, size_px=_CROP_PX), side_px=_CROP_PX, quality=_QUALITY).jpeg
