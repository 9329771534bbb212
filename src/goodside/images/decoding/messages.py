"""What decoders say about a file beside their errors, kept with the photograph.

Pillow logs it; libtiff and LibRaw write it to standard error, without the file's name. Standard
error belongs to the whole process, so it is caught only where `claim_stderr` was called: in a
process that does nothing but read one photograph at a time.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

_MOST, _LONGEST = 5, 200
_STDERR = 2
_LIBTIFFS_NAME = "tempfile.tif: "  # which Pillow gives every file
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_claimed = False
_lock = threading.Lock()
_local = threading.local()


def claim_stderr() -> None:
    """From now on catch what is written to standard error while a photograph is read.

    For worker processes alone: whatever another thread writes meanwhile is caught too.
    """
    global _claimed  # noqa: PLW0603
    _claimed = True


@contextmanager
def gathered_messages() -> Iterator[list[str]]:
    """Gather what decoders say in this thread; the list is complete when the block is left.

    At most five messages of at most 200 characters. Within another such block it adds to that.
    """
    outer: list[str] | None = getattr(_local, "said", None)
    if outer is not None:
        yield outer
        return
    said: list[str] = []
    _local.said = said
    handler = _Gatherer()
    logger = logging.getLogger("PIL")
    logger.addHandler(handler)
    try:
        with _caught_stderr(said):
            yield said
    finally:
        logger.removeHandler(handler)
        _local.said = None
        said[:] = list(dict.fromkeys(said))[:_MOST]


def with_messages(reason: str, said: Sequence[str]) -> str:
    """An error's reason, with what the decoder said beside it."""
    return f"{reason} (its decoder says: {'; '.join(said)})" if said else reason


class _Gatherer(logging.Handler):
    """Takes the records of the thread that gathers, and keeps Python from printing them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        said: list[str] | None = getattr(_local, "said", None)
        if said is not None and threading.get_ident() == self._thread:
            _add(said, record.getMessage())


@contextmanager
def _caught_stderr(said: list[str]) -> Iterator[None]:
    if not _claimed or not _lock.acquire(blocking=False):
        yield
        return
    try:
        with tempfile.TemporaryFile() as caught:
            before = os.dup(_STDERR)
            try:
                os.dup2(caught.fileno(), _STDERR)
                yield
            finally:
                os.dup2(before, _STDERR)
                os.close(before)
                _add_lines(said, caught)
    finally:
        _lock.release()


def _add_lines(said: list[str], caught: BinaryIO) -> None:
    caught.seek(0)
    for line in caught.read(4 * _MOST * _LONGEST).decode(errors="replace").splitlines():
        _add(said, line)


def _add(said: list[str], text: str) -> None:
    text = _CONTROLS.sub(" ", text).strip().removeprefix(_LIBTIFFS_NAME)[:_LONGEST]
    if text and len(said) < 4 * _MOST:
        said.append(text)
