"""Photographs on their way to a browser: thumbnails, re-encoded pictures, parts, faces, originals.

What leaves is encoded anew and carries no metadata, but for originals, which a person asks for.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response

from goodside.album.catalog import read_crops, read_thumbnails
from goodside.album.thumbnail import shrink
from goodside.errors import ServiceBusy, UnreadableImage
from goodside.images import Photo, read_photo_guarded
from goodside.web.dependencies import SiteOf
from goodside.web.options import usable_cores
from goodside.web.site import Site
from goodside.web.size_limited_cache import SizeLimitedCache

router = APIRouter(tags=["pictures"])

LARGEST_SIDE_PX: Final = 4096
LARGEST_TILE_PX: Final = 4096
_QUALITY = 88
_ENCODED_BYTES = 96_000_000
_DECODED_BYTES = 160_000_000
_WAIT_S = 30.0
_KEPT_S = 600
_SERVED_AS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/avif")

_decoding = threading.BoundedSemaphore(usable_cores())
_encoded: SizeLimitedCache[tuple[str, int], bytes] = SizeLimitedCache(_ENCODED_BYTES, size_of=len)
_decoded: SizeLimitedCache[str, Photo] = SizeLimitedCache(
    _DECODED_BYTES, size_of=lambda photo: photo.rgb.nbytes
)


@router.get("/thumbnails/{photo_id}", response_class=Response)
def thumbnail(photo_id: int, request: Request, site: SiteOf) -> Response:
    """The small picture that the scan made."""
    with site.album.opened() as catalog, catalog.read() as session:
        found = read_thumbnails(session, [photo_id]).get(photo_id)
    if found is None:
        raise HTTPException(404, f"there is no thumbnail of photograph {photo_id}")
    return _kept(request, found)


@router.get("/faces/{face_id}", response_class=Response)
def face(face_id: int, request: Request, site: SiteOf) -> Response:
    """The small picture of a face that the scan made."""
    with site.album.opened() as catalog, catalog.read() as session:
        found = read_crops(session, [face_id]).get(face_id)
    if found is None:
        raise HTTPException(404, f"there is no picture of face {face_id}")
    return _kept(request, found)


@router.get("/pictures/{photo_id}", response_class=Response)
def picture(
    photo_id: int,
    request: Request,
    site: SiteOf,
    side: Annotated[int, Query(ge=16, le=LARGEST_SIDE_PX, description="Longer side, px.")] = 1600,
) -> Response:
    """A photograph, encoded anew, with at most `side` pixels on its longer side."""
    path, sha256 = _file(site, photo_id)

    def encode() -> bytes:
        with _turn():
            photo = _read(site, path, fit_px=side)
            return shrink(photo.rgb, side_px=side, quality=_QUALITY, tight=False).jpeg

    return _kept(request, _encoded.get((sha256, side), encode))


@router.get("/pictures/{photo_id}/tile", response_class=Response)
def tile(
    photo_id: int,
    request: Request,
    site: SiteOf,
    *,
    left: Annotated[int, Query(ge=0, le=1_000_000)],
    top: Annotated[int, Query(ge=0, le=1_000_000)],
    width: Annotated[int, Query(ge=1, le=LARGEST_TILE_PX)],
    height: Annotated[int, Query(ge=1, le=LARGEST_TILE_PX)],
) -> Response:
    """A part of a photograph, pixel by pixel of the upright original."""
    path, sha256 = _file(site, photo_id)

    def decode() -> Photo:
        with _turn():
            return _read(site, path, fit_px=None)

    rgb = _decoded.get(sha256, decode).rgb
    part = rgb[top : top + height, left : left + width]
    if 0 in part.shape:
        size = f"{rgb.shape[1]} x {rgb.shape[0]}"
        raise HTTPException(404, f"there is nothing of it there: the photograph has {size} pixels")
    data = shrink(part, side_px=LARGEST_TILE_PX, quality=_QUALITY, tight=False).jpeg
    return _kept(request, data)


@router.get("/originals/{photo_id}", response_class=FileResponse)
def original(photo_id: int, site: SiteOf) -> FileResponse:
    """The file itself, to be saved, with all that its metadata say."""
    path, _ = _file(site, photo_id)
    name = os.fsencode(path.name).decode("utf-8", errors="replace")
    kind, _ = mimetypes.guess_type(name)
    return FileResponse(
        path,
        media_type=kind if kind in _SERVED_AS else "application/octet-stream",
        filename=name,
        content_disposition_type="attachment",
        headers={"Cache-Control": "private, no-store"},
    )


def _file(site: Site, photo_id: int) -> tuple[Path, str]:
    """The file of a photograph that is there, and its sha256."""
    try:
        photo = site.index.photo(photo_id).photo
    except KeyError:
        raise HTTPException(404, f"there is no photograph {photo_id}") from None
    for path in photo.paths:
        if path.is_file():  # follows links as the scan did; pipes and devices are none
            return path, photo.sha256
    raise HTTPException(404, f"the file of photograph {photo_id} is not there at the moment")


def _read(site: Site, path: Path, *, fit_px: int | None) -> Photo:
    try:
        return read_photo_guarded(path, fit_px=fit_px, draft=1.0, limits=site.album.engines.limits)
    except UnreadableImage:
        if not path.exists():
            raise HTTPException(404, "the file is not there at the moment") from None
        raise


@contextmanager
def _turn() -> Iterator[None]:
    """As many at once as there are cores; each takes much memory."""
    if not _decoding.acquire(timeout=_WAIT_S):
        raise ServiceBusy("too many pictures are being decoded", retry_after_s=2)
    try:
        yield
    finally:
        _decoding.release()


def _kept(request: Request, data: bytes) -> Response:
    """A picture that this browser may keep for a while, for this session alone."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"private, max-age={_KEPT_S}",
        "Vary": "Cookie",
    }
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or f"W/{tag}" in known:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=_kind(data), headers=headers)


def _kind(data: bytes) -> str:
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"
