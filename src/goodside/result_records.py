"""Results in JSON: the same from the commands and from the service."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from goodside.tags import display_name
from goodside.types import Assessment, Doubt, Face, Json, Pose, Turned


def assessment_record(path: Path | None, assessment: Assessment) -> Json:
    """An assessment as it stands in JSON output; `path` is left out where there is none."""
    aesthetic = assessment.aesthetic
    record: Json = _named(path) | {
        "width": assessment.width,
        "height": assessment.height,
        "aesthetic": {
            "score": round(aesthetic.score, 3),
            "std": round(aesthetic.std, 3),
            "distribution": [round(share, 5) for share in aesthetic.distribution],
            "high_quality": round(aesthetic.high_quality, 4),
            "percentile": round(aesthetic.percentile, 1) if assessment.is_photo else None,
        },
        "semantics": [
            {"label": display_name(tag.label), "probability": round(tag.probability, 4)}
            for tag in assessment.semantics
        ],
        "model": assessment.model,
    }
    if assessment.technical is not None:
        record["technical"] = round(assessment.technical, 3)
    if assessment.words:
        record["words"] = [
            {"label": display_name(word.label), "probability": round(word.probability, 4)}
            for word in assessment.words
        ]
    if (verdict := assessment.verdict) is not None:
        record["photograph"] = {
            "chance": round(verdict.chance, 4),
            "is_photo": verdict.is_photo,
            "is_familiar": verdict.is_familiar,
        }
    if assessment.taste is not None:
        record["taste"] = {"score": round(assessment.taste, 3)}
    if assessment.incomplete:
        record["incomplete"] = True
    if assessment.notes:
        record["notes"] = list(assessment.notes)
    return record


def faces_record(path: Path | None, faces: Sequence[Face], *, width: int, height: int) -> Json:
    """A photograph's faces as they stand in JSON output.

    Args:
        path: left out where there is none.
        faces: the largest first.
        width, height: of the upright photograph, px.
    """
    return _named(path) | {
        "width": width,
        "height": height,
        "faces": [
            {
                "face": number,
                "box": face.box.as_list(),
                "score": round(face.score, 3),
                "mesh_score": round(face.mesh_score, 3),
                "pose": {**_angles(face.pose), "error": round(face.pose.error, 3)},
                "sharpness": round(face.sharpness, 3),
                "quality": round(face.quality, 3),
                "points": [[round(float(v), 1) for v in point] for point in face.points],
            }
            for number, face in enumerate(faces)
        ],
    }


def turned_record(turned: Turned) -> Json:
    """A turned face as it stands in JSON output, without its pixels."""
    return {
        "source": _angles(turned.source),
        "requested": _angles(turned.requested),
        "measured": None if turned.measured is None else _angles(turned.measured),
        "identity": _rounded(turned.identity),
        "confidence": _rounded(turned.confidence),
        "doubts": [_doubt_record(doubt) for doubt in turned.doubts],
        "synthetic": True,
        "model": turned.model,
    }


def _doubt_record(doubt: Doubt) -> Json:
    return {
        "kind": doubt.kind,
        "measured": _rounded(doubt.measured),
        "limit": _rounded(doubt.limit),
        "message": str(doubt),
    }


def _named(path: Path | None) -> Json:
    return {} if path is None else {"path": str(path)}


def _angles(pose: Pose) -> Json:
    names = ("yaw_deg", "pitch_deg", "roll_deg")
    return {name: round(getattr(pose, name), 1) for name in names}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
