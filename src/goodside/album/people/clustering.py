"""Whose face is whose: a pure function of faces, vectors and decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goodside.album.catalog import Assigned, Decisions, FaceRecord
from goodside.album.people.constraints import Rules, read_rules
from goodside.album.people.linkage import link
from goodside.types import FloatArray

_POOR = 0.1


@dataclass(frozen=True, slots=True)
class Standard:
    """What faces must be to make a person; chosen by measurement (docs/reference/album.md).

    Attributes:
        alike: mean cosine down to which clusters of good faces are one person.
        joins: cosine to a person from which a face that is not good enough to found one joins.
        yaw_deg: good faces look no farther aside.
        sharpness: good faces are at least so crisp, 0-1.
        size_px: the longer side of a good face's box in the photograph.
        score: product of the two networks' belief in a good face, 0-1.
        quality: good faces are so surely a person's, 0-1; where it was not measured, it does not
            count.
    """

    alike: float = 0.55
    joins: float = 0.5
    yaw_deg: float = 50.0
    sharpness: float = 0.1
    size_px: float = 40.0
    score: float = 0.6
    quality: float = 0.25

    def is_good(self, face: FaceRecord) -> bool:
        """Whether a face may found a person; others may only join one."""
        return (
            abs(face.pose.yaw_deg) <= self.yaw_deg
            and face.sharpness >= self.sharpness
            and max(face.box.width, face.box.height) >= self.size_px
            and face.score * face.mesh_score >= self.score
            and (face.quality is None or face.quality >= self.quality)
        )


def find_people(
    faces: Sequence[FaceRecord],
    vectors: Mapping[int, FloatArray],
    decided: Decisions,
    *,
    standard: Standard | None = None,
) -> list[Assigned]:
    """Say whose each face is.

    The same faces and decisions give the same people in any order. Hard constraints: what was
    decided; and two faces of one photo are two people, unless it was decided otherwise. Faces that
    are rejected, or too poor to found a person and like nobody, are nobody's.

    Args:
        faces: of a catalog.
        vectors: by face's row number; faces without one are nobody's unless decided.
        decided: what was decided.
        standard: when faces are one person.

    Returns:
        One entry a face that is somebody's, in order of content and box. People whom no decision
        names have the key of their least face.
    """
    standard = standard or Standard()
    ordered = sorted(faces, key=lambda face: (face.ref.photo, face.ref.box, face.id))
    rules = read_rules(ordered, decided)
    confirmed = {index for part in rules.theirs for index in part}
    seen = [
        index
        for index, face in enumerate(ordered)
        if index in confirmed or (index not in rules.rejected and face.id in vectors)
    ]
    good = [i for i in seen if i in confirmed or standard.is_good(ordered[i])]
    matrix = _matrix([vectors.get(ordered[index].id) for index in range(len(ordered))])
    clusters = _founded(ordered, matrix, good, rules, standard=standard)
    poor = sorted(set(seen) - set(good))
    _join(clusters, ordered, matrix, poor, rules, least=standard.joins)
    keys = _keys(clusters, ordered, rules)
    assigned: dict[int, Assigned] = {}
    for cluster, key in zip(clusters, keys, strict=True):
        alike = matrix[cluster] @ _centre(matrix, cluster)
        for index, cosine in zip(cluster, alike, strict=True):
            similarity = float(np.clip(cosine, -1, 1))
            face = ordered[index]
            assigned[index] = Assigned(face.id, key, similarity, index in confirmed)
    return [assigned[index] for index in sorted(assigned)]


def _matrix(vectors: Sequence[FloatArray | None]) -> FloatArray:
    """(N, D) float32; zero where there is no vector."""
    length = next((len(vector) for vector in vectors if vector is not None), 0)
    matrix = np.zeros((len(vectors), length), np.float32)
    for row, vector in zip(matrix, vectors, strict=True):
        if vector is not None:
            row[:] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return matrix


def _founded(
    faces: Sequence[FaceRecord],
    matrix: FloatArray,
    good: Sequence[int],
    rules: Rules,
    *,
    standard: Standard,
) -> list[list[int]]:
    """Clusters of the good and of the confirmed faces; those of persons come first."""
    place = {index: row for row, index in enumerate(good)}
    clusters = link(
        matrix[list(good)],
        weights=np.array([_weight(faces[i], standard) for i in good], np.float32),
        photos=[faces[index].photo_id for index in good],
        parts=[[place[index] for index in part] for part in rules.theirs],
        persons=list(range(len(rules.persons))),
        denied=[(place[index], person) for index, person in rules.denied if index in place],
        threshold=standard.alike,
    )
    found = [[good[row] for row in cluster] for cluster in clusters]
    first = {part[0]: person for person, part in enumerate(rules.theirs)}
    order = {
        at: min((first[index] for index in cluster if index in first), default=len(first))
        for at, cluster in enumerate(found)
    }
    return [found[at] for at in sorted(order, key=lambda at: (order[at], at))]


def _join(
    clusters: list[list[int]],
    faces: Sequence[FaceRecord],
    matrix: FloatArray,
    poor: Sequence[int],
    rules: Rules,
    *,
    least: float,
) -> None:
    """Add poor faces to the people they are like, the likest first."""
    if not clusters or not poor:
        return
    centres = np.stack([_centre(matrix, cluster) for cluster in clusters])
    photos = [{faces[index].photo_id for index in cluster} for cluster in clusters]
    wishes = []
    for index in poor:
        alike = centres @ matrix[index]
        wishes += [(-float(alike[at]), index, int(at)) for at in np.flatnonzero(alike >= least)]
    joined: set[int] = set()
    for _, index, at in sorted(wishes):
        photo = faces[index].photo_id
        if index not in joined and photo not in photos[at] and (index, at) not in rules.denied:
            joined.add(index)
            photos[at].add(photo)
            clusters[at].append(index)


def _keys(
    clusters: Sequence[Sequence[int]], faces: Sequence[FaceRecord], rules: Rules
) -> list[str]:
    """A key a cluster: the person's, else that of the least face whose key means nobody else."""
    keys = list(rules.persons)
    taken = set(rules.taken)
    for cluster in clusters[len(keys) :]:
        own = [faces[index].ref.person_key() for index in sorted(cluster)]
        key = next((key for key in own if key not in taken), own[0])
        while key in taken:
            key = hashlib.sha256(key.encode()).hexdigest()[:12]
        taken.add(key)
        keys.append(key)
    return keys


def _weight(face: FaceRecord, standard: Standard) -> float:
    """A confirmed face that is poor hardly changes how its person looks."""
    return 1.0 if standard.is_good(face) else _POOR


def _centre(matrix: FloatArray, cluster: Sequence[int]) -> FloatArray:
    """(D,) float32: mean direction of a cluster's vectors."""
    total = matrix[sorted(cluster)].sum(axis=0)
    centre: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return centre
