"""The one error tree.

    GoodsideError
    ├── ImageError            a photograph cannot be used
    │   ├── UnreadableImage   missing, empty, damaged, mis-named, not an image
    │   ├── UnsupportedImage  a format that is off, or whose optional decoder is absent
    │   ├── ImageTooLarge     past a limit on pixels, sides, bytes, memory, scans or parts
    │   │   └── OutOfMemory   it needs more memory than there is
    │   ├── ImageTimeout      reading it took longer than the time limit
    │   └── WorkerError       the process that read it died
    ├── WeightsError          a model file is missing, corrupt, or does not fit this version
    ├── FaceError             the photograph is fine, its face is not
    │   ├── NoFace            nothing found
    │   ├── AmbiguousFace     several found and none chosen
    │   ├── UnfitFace         too small, too far aside, or covered
    │   └── DoubtfulTurn      it was turned, but far worse than is to be expected
    ├── CatalogError          the album's catalog is missing, damaged, of a newer version, or in use
    │   └── StaleDecision     another decided otherwise on the same thing meanwhile
    ├── SidecarError          an XMP sidecar cannot be read, or merged with what is to be said
    ├── OutputError           a result cannot be written: it exists, no such folder, no permission
    ├── OutOfRange            an angle, index or size outside what is supported
    ├── SettingsError         an option, variable or file of settings is wrong
    └── ServiceError          a running service refuses, cannot be reached, or failed
        └── ServiceBusy       it has too much to do at the moment

Every message names the file (where there is one), what is wrong, and what to do about it.
"""

from __future__ import annotations

from pathlib import Path


class GoodsideError(Exception):
    """Base of every error goodside raises on purpose.

    Args:
        message: what is wrong, in one sentence.
        path: the file it concerns, if any.
        remedy: what the caller can do about it, if anything.
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, remedy: str | None = None
    ) -> None:
        self.message = message
        self.path = None if path is None else str(path)
        self.remedy = remedy
        super().__init__(message)

    @property
    def kind(self) -> str:
        """The class's name, as it stands in JSON output."""
        return type(self).__name__

    def __str__(self) -> str:
        text = self.message if self.path is None else f"{self.path}: {self.message}"
        return text if self.remedy is None else f"{text} ({self.remedy})"


class ImageError(GoodsideError):
    """A photograph cannot be used."""


class UnreadableImage(ImageError):
    """The file is missing, empty, damaged, mis-named or no image at all."""


class UnsupportedImage(ImageError):
    """The format is not decoded here, or its optional decoder is not installed."""


class ImageTooLarge(ImageError):
    """The file is past a limit: pixels, sides, bytes, memory to decode, scans, parts, metadata."""


class OutOfMemory(ImageTooLarge):
    """The photograph needs more memory than there is."""

    @classmethod
    def of_photo(cls, path: str | Path | None = None) -> OutOfMemory:
        """The error of a photograph, with what can be done."""
        return cls(
            "there is too little memory to read it",
            path=path,
            remedy="close other programs, use fewer --workers, or save a smaller copy of it",
        )


class ImageTimeout(ImageError):
    """Reading the photograph took longer than the limit on time."""


class WorkerError(ImageError):
    """The process that read the photograph died, by no fault of the photograph that is known."""


class WeightsError(GoodsideError):
    """A model's weights or card are missing, corrupt, or do not fit this version."""


class FaceError(GoodsideError):
    """The photograph is fine, its face is not."""


class NoFace(FaceError):
    """No face was found."""


class AmbiguousFace(FaceError):
    """Several faces were found and none was chosen."""


class UnfitFace(FaceError):
    """The face is too small, looks too far aside, or is largely covered."""


class DoubtfulTurn(FaceError):
    """The face was turned, but its angle or likeness is far off what the weights' card expects."""


class CatalogError(GoodsideError):
    """The album's catalog is missing, damaged, written by a newer version, or in use."""


class StaleDecision(CatalogError):
    """Another person decided otherwise on the same thing meanwhile; nothing was noted."""


class SidecarError(GoodsideError):
    """An XMP sidecar is damaged, hostile, ambiguous or no regular file, and is left alone."""


class OutputError(GoodsideError):
    """A result cannot be written: the file exists, its folder does not, or the disc refuses."""


class OutOfRange(GoodsideError):
    """An angle, index or size is outside what is supported."""


class SettingsError(GoodsideError):
    """An option, an environment variable or a settings file is wrong."""


class ServiceError(GoodsideError):
    """A running service of goodside's refuses, cannot be reached, or failed.

    Args:
        message, path, remedy: as for every error.
        status: of its answer; None: there was none.
        request_id: under which the service logged it.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | Path | None = None,
        remedy: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        self.status = status
        self.request_id = request_id
        super().__init__(message, path=path, remedy=remedy)


class ServiceBusy(ServiceError):
    """The service has too much to do at the moment.

    Args:
        message, path, remedy, status, request_id: as for `ServiceError`.
        retry_after_s: when to ask again, in seconds.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | Path | None = None,
        remedy: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after_s: float = 1.0,
    ) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message, path=path, remedy=remedy, status=status, request_id=request_id)


def concerns_one_photo(error: GoodsideError) -> bool:
    """Whether others of a batch may still succeed: not where weights, settings or catalog fail."""
    return isinstance(error, ImageError | FaceError | OutOfRange | OutputError | SidecarError)


def is_fault_of_ours(kind: str) -> bool:
    """Whether a failure says nothing of the photograph, so that it may succeed another time.

    Args:
        kind: of the error, as it is kept.
    """
    return kind in {one.__name__ for one in (OutOfMemory, WorkerError, WeightsError, GoodsideError)}


def reason_of(error: Exception) -> str:
    """What went wrong in words, without the path that the system's errors repeat."""
    return (isinstance(error, OSError) and error.strerror) or str(error)
