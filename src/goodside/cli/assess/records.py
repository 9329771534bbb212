"""An assessment in JSON."""

from __future__ import annotations

from pathlib import Path

from goodside.tags import display_name
from goodside.types import Assessment, Json


def assessment_record(path: Path, assessment: Assessment) -> Json:
    """An assessment as it stands in JSON output."""
    aesthetic = assessment.aesthetic
    record: Json = {
        "path": str(path),
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
