"""`goodside assess --explain`: a picture and a JSON file with what moved a photograph's score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from goodside.cli.output.output_names import distinct_stems
from goodside.errors import GoodsideError, ImageError, OutputError
from goodside.json_text import dump_json
from goodside.result_records import assessment_record

if TYPE_CHECKING:
    from goodside.aesthetics import Assessor, Explanation
    from goodside.images import Limits


@dataclass(frozen=True, slots=True)
class ExplanationFiles:
    """An explanation and the two files it was written to."""

    explanation: Explanation
    image: Path
    data: Path


def explain_each(
    photos: Sequence[Path],
    *,
    folder: Path,
    assessor: Assessor,
    limits: Limits,
    overwrite: bool,
) -> Iterator[ExplanationFiles | GoodsideError]:
    """Explain photographs in their order; the folder is made if it is missing.

    Args:
        photos: their files.
        folder: where the pictures and JSON files go.
        assessor: judges and explains.
        limits: on bytes and pixels.
        overwrite: replace explanations that are there.

    Yields:
        What was written, or the error that explains why nothing was.

    Raises:
        OutputError: the folder cannot be made.
        WeightsError: the weights are missing or corrupt.
    """
    from goodside.images import check_output, make_folder
    from goodside.images.guard import memory_guard

    make_folder(folder, remedy="name another folder with --explain")
    for photo, stem in zip(photos, distinct_stems(photos), strict=True):
        image, data = folder / f"{stem}-explained.jpg", folder / f"{stem}-explained.json"
        try:
            for path in (image, data):
                check_output(path, overwrite=overwrite)
            explanation = assessor.explain(photo)
            with memory_guard(photo):
                _write(explanation, photo=photo, image=image, data=data, limits=limits)
        except (ImageError, OutputError) as error:
            yield error
        else:
            yield ExplanationFiles(explanation, image, data)


def _write(
    explanation: Explanation, *, photo: Path, image: Path, data: Path, limits: Limits
) -> None:
    from goodside.aesthetics.explanation.explanation_sheet import PHOTO_PX, explanation_sheet
    from goodside.images import atomic_write, read_photo_guarded, save_image

    picture = read_photo_guarded(photo, fit_px=PHOTO_PX, limits=limits).rgb
    sheet = explanation_sheet(picture, explanation, title=photo.name)
    save_image(image, sheet, overwrite=True)
    data_record = assessment_record(photo, explanation.assessment) | {
        "explanation": explanation.as_json()
    }
    with atomic_write(data, overwrite=True) as stream:
        stream.write(dump_json(data_record, indent=1).encode())
