"""Whose face is whose: a pure function of faces, vectors and decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goodside.album.catalog import Assigned, Decisions, FaceRecord
from goodside.album.people.constraints import Constraints, read_constraints
from goodside.album.people.linkage import link_faces
from goodside.types import FloatArray

_POOR_FACE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class ClusteringCriteria:
    """When faces are one person, and how good a face must be to found one.

    The values are chosen by measurement (docs/reference/album.md).

    Attributes:
        merge_threshold: mean cosine down to which clusters of good faces are one person.
        join_threshold: cosine to a person from which a face that is not good enough to found one
            joins.
        max_yaw_deg: good faces look no farther to either side.
        min_sharpness: good faces are at least so crisp, 0-1.
        min_size_px: the longer side of a good face's box in the photograph.
        min_score: product of the two networks' belief in a good face, 0-1.
        min_quality: good faces are so surely a person's, 0-1; where it was not measured, it does
            not count.
    """

    merge_threshold: float = 0.55
    join_threshold: float = 0.5
    max_yaw_deg: float = 50.0
    min_sharpness: float = 0.1
    min_size_px: float = 40.0
    min_score: float = 0.6
    min_quality: float = 0.25

    def is_good(self, face: FaceRecord) -> bool:
        """Whether a face may found a person; others may only join one."""
        return (
            abs(face.pose.yaw_deg) <= self.max_yaw_deg
            and face.sharpness >= self.min_sharpness
            and max(face.box.width, face.box.height) >= self.min_size_px
            and face.score * face.mesh_score >= self.min_score
            and (face.quality is None or face.quality >= self.min_quality)
        )


def find_people(
    faces: Sequence[FaceRecord],
    vectors: Mapping[int, FloatArray],
    decided: Decisions,
    *,
    criteria: ClusteringCriteria | None = None,
) -> list[Assigned]:
    """Find whose each face is.

    The same faces and decisions give the same people in any order. Hard constraints: what was
    decided; and two faces of one photo are two people, unless it was decided otherwise. Faces that
    are rejected, or too poor to found a person and similar to nobody, are nobody's.

    Args:
        faces: of a catalog.
        vectors: by face's row number; faces without one are nobody's unless decided.
        decided: what was decided.
        criteria: when faces are one person.

    Returns:
        One entry a face that is somebody's, in order of content and box. People whom no decision
        names have the key of their first face.
    """
    criteria = criteria or ClusteringCriteria()
    ordered = sorted(faces, key=lambda face: (face.ref.photo, face.ref.box, face.id))
    constraints = read_constraints(ordered, decided)
    confirmed = {index for part in constraints.must_link for index in part}
    seen = [
        index
        for index, face in enumerate(ordered)
        if index in confirmed or (index not in constraints.rejected and face.id in vectors)
    ]
    good = [i for i in seen if i in confirmed or criteria.is_good(ordered[i])]
    matrix = _matrix([vectors.get(ordered[index].id) for index in range(len(ordered))])
    clusters = _cluster_good_faces(ordered, matrix, good, constraints, criteria=criteria)
    poor = sorted(set(seen) - set(good))
    _join_poor_faces(
        clusters, ordered, matrix, poor, constraints, threshold=criteria.join_threshold
    )
    keys = _person_keys(clusters, ordered, constraints)
    assigned: dict[int, Assigned] = {}
    for cluster, key in zip(clusters, keys, strict=True):
        cosines = matrix[cluster] @ _mean_direction(matrix, cluster)
        for index, cosine in zip(cluster, cosines, strict=True):
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


def _cluster_good_faces(
    faces: Sequence[FaceRecord],
    matrix: FloatArray,
    good: Sequence[int],
    constraints: Constraints,
    *,
    criteria: ClusteringCriteria,
) -> list[list[int]]:
    """Clusters of the good and of the confirmed faces; those of people already known come first."""
    place = {index: row for row, index in enumerate(good)}
    clusters = link_faces(
        matrix[list(good)],
        weights=np.array([_weight(faces[i], criteria) for i in good], np.float32),
        photos=[faces[index].photo_id for index in good],
        must_link=[[place[index] for index in part] for part in constraints.must_link],
        people=list(range(len(constraints.people))),
        cannot_link=[
            (place[index], person) for index, person in constraints.cannot_link if index in place
        ],
        threshold=criteria.merge_threshold,
    )
    found = [[good[row] for row in cluster] for cluster in clusters]
    first = {part[0]: person for person, part in enumerate(constraints.must_link)}
    order = {
        at: min((first[index] for index in cluster if index in first), default=len(first))
        for at, cluster in enumerate(found)
    }
    return [found[at] for at in sorted(order, key=lambda at: (order[at], at))]


def _join_poor_faces(
    clusters: list[list[int]],
    faces: Sequence[FaceRecord],
    matrix: FloatArray,
    poor: Sequence[int],
    constraints: Constraints,
    *,
    threshold: float,
) -> None:
    """Add poor faces to the people they are similar to, the most similar first."""
    if not clusters or not poor:
        return
    centres = np.stack([_mean_direction(matrix, cluster) for cluster in clusters])
    photos = [{faces[index].photo_id for index in cluster} for cluster in clusters]
    candidates = []
    for index in poor:
        cosines = centres @ matrix[index]
        candidates += [
            (-float(cosines[at]), index, int(at)) for at in np.flatnonzero(cosines >= threshold)
        ]
    joined: set[int] = set()
    for _, index, at in sorted(candidates):
        photo = faces[index].photo_id
        if (
            index not in joined
            and photo not in photos[at]
            and (index, at) not in constraints.cannot_link
        ):
            joined.add(index)
            photos[at].add(photo)
            clusters[at].append(index)


def _person_keys(
    clusters: Sequence[Sequence[int]], faces: Sequence[FaceRecord], constraints: Constraints
) -> list[str]:
    """A key for each cluster: the person's, else that of its first face whose key is not in use."""
    keys = list(constraints.people)
    taken = set(constraints.used_keys)
    for cluster in clusters[len(keys) :]:
        own = [faces[index].ref.person_key() for index in sorted(cluster)]
        key = next((key for key in own if key not in taken), own[0])
        while key in taken:
            key = hashlib.sha256(key.encode()).hexdigest()[:12]
        taken.add(key)
        keys.append(key)
    return keys


def _weight(face: FaceRecord, criteria: ClusteringCriteria) -> float:
    """A confirmed face that is poor hardly changes how its person looks."""
    return 1.0 if criteria.is_good(face) else _POOR_FACE_WEIGHT


def _mean_direction(matrix: FloatArray, cluster: Sequence[int]) -> FloatArray:
    """(D,) float32: mean direction of a cluster's vectors."""
    total = matrix[sorted(cluster)].sum(axis=0)
    centre: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return centre
