"""Results of one photograph or of a batch, in one way for all engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from goodside.engines import Engines
from goodside.errors import GoodsideError, OutOfRange, concerns_one_photo
from goodside.types import Json
from goodside.web.api.engines.uploads import Upload, Uploads
from goodside.web.problems import problem_of

Result = TypeVar("Result")

MODEL_NAME = r"^[a-z0-9][a-z0-9.-]{0,63}$"
"""What the name of weights looks like."""


def settle(
    uploads: Uploads,
    results: Iterable[Result | GoodsideError],
    record: Callable[[Result], Json],
) -> Json:
    """The answer: a record, or a list of them with what went wrong with some.

    Args:
        uploads: the photographs.
        results: of each, in their order.
        record: a result in JSON.

    Raises:
        GoodsideError: of the only photograph, or one that concerns all of a batch.
    """
    entries: list[Json] = []
    for upload, result in zip(uploads.files, results, strict=True):
        if not isinstance(result, GoodsideError):
            entries.append(_named(upload) | {"result": record(result)})
        elif uploads.is_batch and concerns_one_photo(result):
            problem = problem_of(result).model_dump(exclude_none=True)
            entries.append(_named(upload) | {"problem": problem})
        else:
            raise result
    if uploads.is_batch:
        return {"results": entries}
    only: Json = entries[0]["result"]
    return only


def read_all(uploads: Sequence[Upload]) -> Iterable[bytes]:
    """The bytes of photographs, each when it is needed."""
    for upload in uploads:
        yield upload.read()


def check_model(engines: Engines, name: str | None, *, task: str) -> None:
    """Refuse a name that no weights for a task have.

    Raises:
        OutOfRange: there are none.
    """
    if name is None:
        return
    fitting = [one for one in engines.store.names() if engines.store.card(one).task == task]
    if name not in fitting:
        raise OutOfRange(
            f"there is no model {name} for this", remedy=f"here are {', '.join(fitting)}"
        )


def _named(upload: Upload) -> Json:
    return {} if upload.name is None else {"name": upload.name}
