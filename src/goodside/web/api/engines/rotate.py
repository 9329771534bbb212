"""`POST /v1/rotate`: faces at another angle."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from goodside.errors import GoodsideError, OutOfRange
from goodside.images import SyntheticMark, encode_image
from goodside.json_text import dump_json
from goodside.result_records import turned_record
from goodside.rotation import Rotator, TurnSeries
from goodside.sweep import parse_sweep
from goodside.types import Json, Turned
from goodside.version import __version__
from goodside.web.api.engines.batches import MODEL_NAME, check_model, read_all, settle
from goodside.web.api.engines.schemas import Batch, TurnedRecord, TurnedRow
from goodside.web.api.engines.uploads import REQUEST_BODY, Uploads, uploads_of
from goodside.web.dependencies import SiteOf
from goodside.web.site import Site

router = APIRouter(prefix="/v1", tags=["engines"])

RESULT_HEADER: Final = "X-Goodside-Result"
"""Of a picture: its record, as JSON."""

_MOST_ANGLES = 25
_MOST_PICTURES = 64
_KINDS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


class RotateQuery(BaseModel):
    """What `goodside rotate` takes, by the same names; give one of yaw, frontal or sweep."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    yaw: float | None = Field(
        None, ge=-180, le=180, allow_inf_nan=False, examples=[20],
        description="Look to the picture's right (+) or left (-), in degrees.",
    )  # fmt: skip
    pitch: float | None = Field(
        None, ge=-180, le=180, allow_inf_nan=False,
        description="Look down (+) or up (-), in degrees; by default as in the photograph.",
    )  # fmt: skip
    roll: float = Field(
        0.0, ge=-180, le=180, allow_inf_nan=False, description="Lean clockwise (+), in degrees."
    )
    frontal: bool = Field(False, description="Look straight at the camera: yaw 0.")
    sweep: str | None = Field(
        None, max_length=60,
        description=f"Up to {_MOST_ANGLES} yaws as FIRST:LAST:STEP, such as -30:30:15.",
    )  # fmt: skip
    paste: bool = Field(False, description="Put the face back into its photograph, full size.")
    face: int | None = Field(None, ge=0, le=9999, description="Which face, as /v1/faces counts.")
    size: int = Field(512, ge=32, le=2048, description="Side in pixels.")
    model: str | None = Field(None, pattern=MODEL_NAME, description="Name of the weights.")
    format: Literal["jpeg", "png", "webp"] = Field("jpeg", description="Of the pictures.")


@dataclass(frozen=True, slots=True)
class _TurnedPicture:
    """A picture as it leaves, and what is said of it."""

    data: bytes
    media_type: str
    record: Json

    @property
    def as_json(self) -> Json:
        picture = {
            "media_type": self.media_type,
            "base64": base64.b64encode(self.data).decode("ascii"),
        }
        return self.record | {"picture": picture}


@router.post(
    "/rotate",
    summary="Show faces at another angle",
    operation_id="rotate",
    response_model=TurnedRecord | TurnedRow | Batch[TurnedRow],
    responses={
        200: {
            "description": "The picture; or JSON for a batch, a sweep, and whoever accepts only "
            "that.",
            "content": {
                f"image/{kind}": {"schema": {"type": "string", "contentMediaType": f"image/{kind}"}}
                for kind in _KINDS
            },
            "headers": {
                RESULT_HEADER: {
                    "description": "Of a picture: its record, as JSON.",
                    "schema": {"type": "string"},
                }
            },
        }
    },
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def rotate(
    request: Request,
    site: SiteOf,
    query: Annotated[RotateQuery, Query()],
) -> Response:
    """Turn the face of a photograph, or of each of a batch.

    The pictures carry the mark of synthetic media. One face at one angle is answered with the
    picture itself, unless `Accept` asks for JSON.
    """
    yaws = _yaws(query)
    accepts = request.headers.get("accept", "*/*")
    async with site.pool.admitted() as admission, uploads_of(request) as uploads:
        if len(uploads.files) * len(yaws) > _MOST_PICTURES:
            raise OutOfRange(
                f"that makes {len(uploads.files) * len(yaws)} pictures",
                remedy=f"ask for {_MOST_PICTURES} or fewer at once",
            )
        answer = await site.pool.run(
            admission, lambda: _turned(site, uploads, query=query, yaws=yaws)
        )
    if isinstance(answer, _TurnedPicture):
        if "image/" not in accepts and "*/*" not in accepts and "json" in accepts:
            return JSONResponse(answer.as_json)
        headers = {RESULT_HEADER: dump_json(answer.record)}
        return Response(answer.data, media_type=answer.media_type, headers=headers)
    return JSONResponse(answer)


def _yaws(query: RotateQuery) -> tuple[float, ...]:
    if (query.yaw is not None) + query.frontal + (query.sweep is not None) != 1:
        raise OutOfRange("no angle, or several", remedy="give one of yaw, frontal or sweep")
    if query.paste and query.sweep is not None:
        raise OutOfRange("paste goes with yaw or frontal", remedy="leave sweep out")
    if query.sweep is not None:
        return parse_sweep(query.sweep, most=_MOST_ANGLES)
    return (query.yaw or 0.0,)


def _turned(
    site: Site, uploads: Uploads, *, query: RotateQuery, yaws: tuple[float, ...]
) -> Json | _TurnedPicture:
    check_model(site.engines, query.model, task="rotation")
    rotator = site.engines.rotator(model=query.model)
    results = _turn_each(rotator, uploads, query=query, yaws=yaws)
    if not uploads.is_batch and query.sweep is None:
        (result,) = results
        if isinstance(result, GoodsideError):
            raise result
        return _picture(result.turned[0], kind=query.format)

    def record(series: TurnSeries) -> Json:
        return {"turned": [_picture(one, kind=query.format).as_json for one in series.turned]}

    return settle(uploads, results, record)


def _turn_each(
    rotator: Rotator, uploads: Uploads, *, query: RotateQuery, yaws: tuple[float, ...]
) -> Iterable[TurnSeries | GoodsideError]:
    turn = rotator.paste_each if query.paste else partial(rotator.sweep_each, size_px=query.size)
    sources = list(read_all(uploads.files)) if len(uploads.files) == 1 else read_all(uploads.files)
    return turn(sources, yaws, pitch_deg=query.pitch, roll_deg=query.roll, face=query.face)


def _picture(turned: Turned, *, kind: str) -> _TurnedPicture:
    mark = SyntheticMark(
        tool=f"goodside {__version__}",
        description=f"A face turned to yaw {turned.requested.yaw_deg:+.0f} degrees by "
        f"{turned.model}; not a photograph of this view.",
    )
    data = encode_image(turned.image, _KINDS[kind], synthetic=mark)
    return _TurnedPicture(data, f"image/{kind}", turned_record(turned))
