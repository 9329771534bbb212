"""Side faces turned to the camera: vectors beside the photograph's own, never in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FaceRecord,
    FaceRef,
    list_faces,
    list_photos,
    put_frontal,
    read_face_vectors,
)
from goodside.album.people.fusion_range import FusionRange
from goodside.errors import ImageError
from goodside.face import ALIGNED_PX, Embedder, FaceFinder, align, five_points
from goodside.images import Limits, read_photo_guarded
from goodside.images.guard import memory_guard
from goodside.rotation import Rotator
from goodside.rotation.evaluation.fuse import fuse
from goodside.types import Face, FloatArray, Pose, RgbImage

_FRONTAL = Pose(0.0, 0.0, 0.0)
_SIZE_PX = 2 * ALIGNED_PX
_SAME = 0.5
_FIT_PX = 2000


class Turner:
    """Finds catalogued faces again in their photographs and turns them to the camera.

    Args:
        rotator: turns them.
        finder: finds them; it must look for faces as small as the scan's does. By default with the
            rotator's weights, as the embedder.
        embedder: of the scan.
        limits: on photographs.
    """

    def __init__(
        self,
        rotator: Rotator,
        *,
        finder: FaceFinder | None = None,
        embedder: Embedder | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.rotator = rotator
        self._finder = finder or FaceFinder(store=rotator.store)
        self._embedder = embedder or Embedder(store=rotator.store)
        self._limits = limits

    def turn(
        self, faces: Sequence[FaceRecord], *, files: Mapping[int, Sequence[Path]]
    ) -> Iterator[tuple[FaceRecord, FloatArray]]:
        """Vectors of faces as they are when turned; each photograph is read once.

        Args:
            faces: of a catalog.
            files: by photo's row number, what holds it.

        Yields:
            Face and (D,) float32 unit vector; faces whose photograph cannot be read, or that are
            not found in it again, are passed over.

        Raises:
            WeightsError: a network is missing or corrupt.
        """
        wanted: dict[int, list[FaceRecord]] = {}
        for face in faces:
            wanted.setdefault(face.photo_id, []).append(face)
        for photo_id, theirs in wanted.items():
            yield from self._in_photo(theirs, files.get(photo_id, ()))

    def frontal(self, rgb: RgbImage, face: Face) -> FloatArray:
        """(D,) float32 unit vector of a face turned to the camera.

        Args:
            rgb: (H, W, 3) uint8 photograph.
            face: found in it.
        """
        subject = self.rotator.prepare(rgb, face=face, size_px=_SIZE_PX, strict=False)
        subject = subject.framed([_FRONTAL])
        turned = self.rotator.paint(subject, [_FRONTAL], size_px=_SIZE_PX)[0]
        landmarks = subject.window.inside(subject.head.landmarks(_FRONTAL)) * _SIZE_PX - 0.5
        vector: FloatArray = self._embedder.embed_aligned(
            align(turned, five_points(landmarks))[None]
        )[0]
        return vector

    def _in_photo(
        self, faces: Sequence[FaceRecord], paths: Iterable[Path]
    ) -> Iterator[tuple[FaceRecord, FloatArray]]:
        for path in paths:
            try:
                rgb = read_photo_guarded(path, fit_px=_FIT_PX, limits=self._limits).rgb
                with memory_guard(path):
                    seen = self._finder.find(rgb)
            except ImageError:
                continue
            height, width = rgb.shape[:2]
            found = {
                FaceRef.of(faces[0].ref.photo, one.box, width=width, height=height): one
                for one in seen
            }
            for face in faces:
                near = max(found, key=face.ref.overlap, default=None)
                if near is not None and face.ref.overlap(near) >= _SAME:
                    yield face, self.frontal(rgb, found[near])
            return


@dataclass(frozen=True, slots=True)
class TurningResult:
    """What `turn_side_faces` did.

    Attributes:
        fusion_range: at which yaws turning helps with these weights; None: nothing was turned.
        turned: faces that got a vector.
        passed_over: faces whose photograph could not be read or in which they were not found.
    """

    fusion_range: FusionRange | None
    turned: int
    passed_over: int


def turn_side_faces(
    catalog: Catalog,
    turner: Turner,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> TurningResult:
    """Give side faces the vectors of rotation, where the weights' card says that this helps.

    The plain vectors stay as they are. Vectors of faces outside the
    range of the weights are removed again.

    Args:
        catalog: open; photographs are only read.
        turner: with the rotation weights to use.
        on_progress: called with the faces done and all.

    Raises:
        WeightsError: a network is missing or corrupt, or its card's range is not two angles.
    """
    fusion_range = FusionRange.of(turner.rotator.card)
    with catalog.read() as session:
        have = set(read_face_vectors(session, "frontal")[0].tolist())
        if fusion_range is None and not have:
            return TurningResult(fusion_range=None, turned=0, passed_over=0)
        faces = list_faces(session)
        plain = vectors_by_face(*read_face_vectors(session, "plain"))
        files = {photo.id: photo.paths for photo in list_photos(session)}
    in_range = {
        face.id
        for face in faces
        if fusion_range is not None and fusion_range.contains(face.pose.yaw_deg)
    }
    if stale := have - in_range:
        with catalog.write() as session:
            for face_id in sorted(stale):
                put_frontal(session, face_id, frontal=None, fused=None)
    due = [face for face in faces if face.id in in_range - have and face.id in plain]
    turned = 0
    for face, frontal in turner.turn(due, files=files):
        fused = fuse(plain[face.id], frontal, yaw_deg=face.pose.yaw_deg)
        with catalog.write() as session:
            put_frontal(session, face.id, frontal=frontal, fused=fused)
        turned += 1
        on_progress(turned, len(due))
    return TurningResult(fusion_range=fusion_range, turned=turned, passed_over=len(due) - turned)


def vectors_by_face(ids: Iterable[int], vectors: FloatArray) -> dict[int, FloatArray]:
    """What `read_face_vectors` gives, by row number."""
    return dict(zip(map(int, ids), vectors, strict=True))
