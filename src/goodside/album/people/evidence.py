"""Whether rotation helps to recognise an album's own confirmed people: by yaw, three ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

from goodside.album.catalog import (
    Catalog,
    list_faces,
    list_photos,
    read_face_vectors,
)
from goodside.album.people.frontal_vectors import Turner, vectors_by_face
from goodside.album.people.people import list_people
from goodside.phrase import count_phrase, phrase
from goodside.rotation.evaluation.fuse import GATE_DEG, fuse
from goodside.rotation.evaluation.likeness import METHODS
from goodside.types import FloatArray, Json

THRESHOLD = 0.5
"""Cosine to a person from which a face is taken for theirs."""
_YAW_BINS_DEG = (0.0, 15.0, 30.0, 45.0, 60.0, 90.1)
_MIN_SIDE_FACES, _MAX_P_VALUE = 20, 0.05


@dataclass(frozen=True, slots=True)
class EvidenceSample:
    """A confirmed face, three ways.

    Attributes:
        person: whose it is.
        yaw_deg: where it looks.
        plain: (D,) float32 unit vector of the photograph.
        rotated: of the face turned to the camera; the plain one where it was not turned.
        fused: of both.
    """

    person: str
    yaw_deg: float
    plain: FloatArray
    rotated: FloatArray
    fused: FloatArray


@dataclass(frozen=True, slots=True)
class YawRangeResult:
    """One range of yaw, to either side.

    Attributes:
        from_deg, to_deg: the range.
        faces: how many.
        rank1: by method, share of faces whose nearest person is the right one.
        tar: by method, share whose cosine to the right person reaches the threshold.
        far: by method, share that reaches it with somebody else.
    """

    from_deg: float
    to_deg: float
    faces: int
    rank1: Mapping[str, float]
    tar: Mapping[str, float]
    far: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found.

    Attributes:
        people: with at least two confirmed faces; the others cannot be tested.
        faces: of those people.
        turned: faces that were turned.
        rows: ranges of yaw in which there are faces.
        verdict: `helps`, `hurts`, `no difference` or `too few`: side faces fused against plain.
        words: the same as a sentence, a phrase.
    """

    people: int
    faces: int
    turned: int
    rows: tuple[YawRangeResult, ...]
    verdict: str
    words: str

    def as_json(self) -> Json:
        """Everything, with the threshold."""
        return {**asdict(self), "threshold": THRESHOLD}


def gather_evidence(catalog: Catalog, turner: Turner) -> Evidence:
    """Measure on the confirmed faces of a catalog; nothing is written.

    Side faces that have no turned vector in the catalog are turned for this only, also where the
    weights' card says that it does not help.

    Args:
        catalog: open; photographs are only read.
        turner: with the rotation weights to measure.

    Raises:
        WeightsError: a network is missing or corrupt.
    """
    with catalog.read() as session:
        people = list_people(session)
        plain = vectors_by_face(*read_face_vectors(session, "plain"))
        frontal = vectors_by_face(*read_face_vectors(session, "frontal"))
        there = {face.id for face in list_faces(session)}
        files = {photo.id: photo.paths for photo in list_photos(session)}
    confirmed = [
        (one.key, face)
        for one in people
        for face in one.faces
        if face.confirmed and face.id in plain and face.id in there
    ]
    side = [
        face
        for _, face in confirmed
        if abs(face.pose.yaw_deg) >= GATE_DEG[0] and face.id not in frontal
    ]
    frontal |= {face.id: vector for face, vector in turner.turn(side, files=files)}
    samples = []
    for key, face in confirmed:
        own, yaw = plain[face.id], face.pose.yaw_deg
        turned = frontal.get(face.id, own)
        samples.append(EvidenceSample(key, yaw, own, turned, fuse(own, turned, yaw_deg=yaw)))
    return compare_methods(samples, turned=sum(face.id in frontal for _, face in confirmed))


def compare_methods(samples: Sequence[EvidenceSample], *, turned: int) -> Evidence:
    """Recognise every face by the others: each person is the mean of their other faces.

    Args:
        samples: of any people; people with a single face are left out.
        turned: how many of them were turned.
    """
    count: dict[str, int] = {}
    for sample in samples:
        count[sample.person] = count.get(sample.person, 0) + 1
    used = [sample for sample in samples if count[sample.person] > 1]
    people = sorted({sample.person for sample in used})
    labels = np.array([people.index(sample.person) for sample in used], np.intp)
    yaws = np.array([abs(sample.yaw_deg) for sample in used])
    cosines = {
        method: _cosines(np.stack([getattr(s, method) for s in used]), labels, len(people))
        for method in METHODS
        if used
    }
    right = {method: _is_rank1(table, labels) for method, table in cosines.items()}
    rows = tuple(
        YawRangeResult(
            from_deg=low,
            to_deg=min(high, 90.0),
            faces=int(inside.sum()),
            rank1={m: _share(right[m][inside]) for m in METHODS},
            tar={
                m: _share(_genuine_cosines(cosines[m], labels)[inside] >= THRESHOLD)
                for m in METHODS
            },
            far={
                m: _share(_impostor_cosines(cosines[m], labels)[inside] >= THRESHOLD)
                for m in METHODS
            },
        )
        for low, high in pairwise(_YAW_BINS_DEG)
        if (inside := (yaws >= low) & (yaws < high)).any()
    )
    verdict, words = _conclude(right, cosines, labels, yaws >= GATE_DEG[0], len(people))
    return Evidence(len(people), len(used), turned, rows, verdict, words)


def _cosines(vectors: FloatArray, labels: NDArray[np.intp], people: int) -> NDArray[np.float64]:
    """(N, P) cosine of each face to each person's mean, its own part taken out."""
    sums = np.zeros((people, vectors.shape[1]))
    np.add.at(sums, labels, vectors.astype(np.float64))
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    table: NDArray[np.float64] = vectors.astype(np.float64) @ centres.T
    rest = sums[labels] - vectors
    rest /= np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    table[np.arange(len(labels)), labels] = (vectors * rest).sum(axis=1)
    return table


def _is_rank1(table: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = table.argmax(axis=1) == labels
    return right


def _genuine_cosines(table: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    own: NDArray[np.float64] = table[np.arange(len(labels)), labels]
    return own


def _impostor_cosines(table: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """(N,) cosine to the nearest other person."""
    others = table.copy()
    others[np.arange(len(labels)), labels] = -1
    nearest: NDArray[np.float64] = others.max(axis=1)
    return nearest


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def _conclude(
    right: Mapping[str, NDArray[np.bool_]],
    cosines: Mapping[str, NDArray[np.float64]],
    labels: NDArray[np.intp],
    side: NDArray[np.bool_],
    people: int,
) -> tuple[str, str]:
    """Side faces that are known fused but not plain, against those lost (sign test)."""
    number = int(side.sum())
    if people < 2 or number < _MIN_SIDE_FACES:
        return "too few", phrase(
            "Too few to tell whether rotation helps: {people} and {faces}; {need}.",
            people=count_phrase(
                "{count} person with two confirmed faces",
                "{count} people with two confirmed faces",
                people,
            ),
            faces=_side_faces(number),
            need=phrase("two people and {count} side faces are needed", count=_MIN_SIDE_FACES),
        )
    known = {
        method: right[method] & (_genuine_cosines(cosines[method], labels) >= THRESHOLD)
        for method in ("plain", "fused")
    }
    won = int((known["fused"] & ~known["plain"] & side).sum())
    lost = int((known["plain"] & ~known["fused"] & side).sum())
    counts = phrase(
        "of {faces}, fusing wins {won} and loses {lost}",
        faces=_side_faces(number),
        won=won,
        lost=lost,
    )
    if won == lost or _sign_test_p_value(won, lost) >= _MAX_P_VALUE:
        words = phrase("No difference that could not be chance: {counts}.", counts=counts)
        return "no difference", words
    if won > lost:
        return "helps", phrase("Rotation helps here: {counts}.", counts=counts)
    return "hurts", phrase("Rotation hurts here: {counts}.", counts=counts)


def _side_faces(number: int) -> str:
    return count_phrase("{count} side face", "{count} side faces", number)


def _sign_test_p_value(won: int, lost: int) -> float:
    """Sign test, two-sided: probability of a split at least so uneven if both were as likely.

    Twice the upper tail of the binomial distribution with p = 1/2 (Dixon and Mood, 1946).
    """
    tosses, more = won + lost, max(won, lost)
    ways = sum(comb(tosses, k) for k in range(more, tosses + 1))
    return float(min(1.0, 2 * ways / 2.0**tosses))
