"""Problems of a service, made goodside's errors again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import goodside.errors
from goodside.errors import GoodsideError, ServiceBusy, ServiceError

_PREFIX = "urn:goodside:error:"


def error_of(
    problem: Mapping[str, Any],
    *,
    status: int,
    retry_after_s: float | None = None,
    path: str | None = None,
) -> GoodsideError:
    """The error that a problem (RFC 9457) tells of: the one the engine raised, where it did.

    Args:
        problem: as the service sent it; may hold anything.
        status: of the answer.
        retry_after_s: when to come again, if it said so.
        path: the photograph that was sent, if it was one.
    """
    message = str(problem.get("detail") or problem.get("title") or f"the service answered {status}")
    remedy = problem.get("remedy")
    remedy = None if remedy is None else str(remedy)
    request_id = problem.get("request_id")
    about: dict[str, Any] = {"path": path, "remedy": remedy}
    request_id = None if request_id is None else str(request_id)
    told: dict[str, Any] = {"status": status, "request_id": request_id}
    if status == 429:
        return ServiceBusy(message, **about, **told, retry_after_s=retry_after_s or 1.0)
    kind = str(problem.get("type", "")).removeprefix(_PREFIX)
    known = getattr(goodside.errors, kind, None)
    if isinstance(known, type) and issubclass(known, GoodsideError):
        if issubclass(known, ServiceError):
            return known(message, **about, **told)
        return known(message, **about)
    return ServiceError(message, **about, **told)
