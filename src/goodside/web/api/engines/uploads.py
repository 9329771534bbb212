"""Photographs that come with a request: one as its body or in a form, or several in a form."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile

MOST_FILES: Final = 32
"""Photographs of one request."""

_IN_MEMORY_BYTES = 1_000_000
_MULTIPART = "multipart/form-data"
_BINARY: dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Upload:
    """One photograph; larger ones wait on disk until they are worked on.

    Attributes:
        name: what its sender calls it; None where it came as the body.
        stream: its bytes.
    """

    name: str | None
    stream: IO[bytes]

    def read(self) -> bytes:
        """All of it."""
        self.stream.seek(0)
        return self.stream.read()


@dataclass(frozen=True, slots=True)
class Uploads:
    """The photographs of a request.

    Attributes:
        files: one at least.
        is_batch: they are answered as a list, also a single one.
    """

    files: tuple[Upload, ...]
    is_batch: bool


REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "image/*": {"schema": _BINARY},
        "application/octet-stream": {"schema": _BINARY},
        _MULTIPART: {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {**_BINARY, "description": "One photograph."},
                    "files": {
                        "type": "array",
                        "items": _BINARY,
                        "maxItems": MOST_FILES,
                        "description": f"A batch of up to {MOST_FILES}.",
                    },
                },
                "additionalProperties": False,
                "oneOf": [{"required": ["file"]}, {"required": ["files"]}],
            }
        },
    },
}
"""How OpenAPI describes it."""


@asynccontextmanager
async def uploads_of(request: Request) -> AsyncIterator[Uploads]:
    """Read the photographs of a request; they are gone afterwards.

    Raises:
        HTTPException: 415 for another kind of body, 422 for one without a photograph, 400 for a
            form that is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _MULTIPART:
        async with request.form(max_files=MOST_FILES, max_fields=0) as form:
            yield _of_form(form.multi_items())
    elif kind.startswith("image/") or kind == "application/octet-stream":
        with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as stream:
            async for chunk in request.stream():
                stream.write(chunk)
            if not stream.tell():
                raise HTTPException(422, "the body is empty: send a photograph")
            yield Uploads((Upload(None, stream),), is_batch=False)
    else:
        raise HTTPException(
            415,
            "send the bytes of a photograph as image/… or application/octet-stream, or a form as "
            "multipart/form-data",
        )


def _of_form(items: list[tuple[str, UploadFile | str]]) -> Uploads:
    names = {name for name, _ in items}
    files = tuple(
        Upload(_name(value.filename), value.file)
        for _, value in items
        if isinstance(value, UploadFile)
    )
    if names not in ({"file"}, {"files"}) or (names == {"file"} and len(files) != 1):
        raise HTTPException(422, "send one photograph as `file`, or several as `files`")
    if any(not _size(one.stream) for one in files):
        raise HTTPException(422, "a file is empty")
    return Uploads(files, is_batch=names == {"files"})


def _size(stream: IO[bytes]) -> int:
    return stream.seek(0, os.SEEK_END)


def _name(given: str | None) -> str | None:
    """The last part of a name, whatever folders its sender puts before it."""
    return None if not given else given.replace("\\", "/").rpartition("/")[2][:255] or None
