"""Requests to a service, with the token, answers checked, and patience when it is busy."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

try:
    import httpx
except ImportError as missing:
    raise ImportError("asking a service needs httpx: pip install 'goodside[client]'") from missing

from goodside.client.remote_errors import error_of
from goodside.errors import GoodsideError, ServiceBusy, ServiceError
from goodside.version import __version__

_CONNECT_S = 10.0
_LONGEST_WAIT_S = 60.0


class Connection:
    """What `Client` asks through; threads may share it.

    Args:
        url: of the service.
        token: its token.
        timeout_s: how long an answer may take.
        retries: how often a request is sent again that finds the service busy.
    """

    def __init__(self, url: str, *, token: str | None, timeout_s: float, retries: int) -> None:
        headers = {"User-Agent": f"goodside/{__version__}"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self._url, self._retries = url, retries
        try:
            self._http = httpx.Client(
                base_url=url,
                headers=headers,
                timeout=httpx.Timeout(timeout_s, connect=_CONNECT_S),
                trust_env=False,  # a proxy for the web at large has no business with this
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise ServiceError(f"{url!r} is no address: {error}") from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self, method: str, path: str, *, about: str | None = None, **request: Any
    ) -> httpx.Response:
        """Send a request and take the answer.

        Args:
            method, path: what is asked.
            about: the photograph that is sent, for errors.
            request: as httpx takes it.

        Raises:
            GoodsideError: the one that the service's problem tells of.
            ServiceBusy: it stayed busy.
            ServiceError: it cannot be reached, or answered something else.
        """
        for attempt in range(self._retries + 1):
            try:
                response = self._http.request(method, path, **request)
            except httpx.HTTPError as error:
                raise self._unreached(error) from error
            if response.is_success:
                return response
            failure = _error(response, about=about)
            if not isinstance(failure, ServiceBusy) or attempt == self._retries:
                raise failure
            time.sleep(min(failure.retry_after_s, _LONGEST_WAIT_S))
        raise AssertionError("unreachable")

    def ask_json(self, method: str, path: str, **request: Any) -> Any:
        """`ask`, and the JSON of the answer."""
        response = self.ask(method, path, **request)
        try:
            return response.json()
        except ValueError as error:
            raise ServiceError(
                f"{self._url} answered something that is no JSON",
                remedy="check that it is the address of goodside serve",
                status=response.status_code,
            ) from error

    @contextmanager
    def lines(self, path: str) -> Iterator[Iterator[str]]:
        """The lines of a stream as they come; errors as of `ask`."""
        try:
            with self._http.stream("GET", path, timeout=httpx.Timeout(30.0)) as response:
                if not response.is_success:
                    response.read()
                    raise _error(response, about=None)
                yield response.iter_lines()
        except httpx.HTTPError as error:
            raise self._unreached(error) from error

    def _unreached(self, error: httpx.HTTPError) -> ServiceError:
        reason = "it took too long" if isinstance(error, httpx.TimeoutException) else str(error)
        return ServiceError(
            f"{self._url} cannot be reached: {reason or type(error).__name__}",
            remedy="check that goodside serve runs there",
        )


def _error(response: httpx.Response, *, about: str | None) -> GoodsideError:
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    told = response.headers.get("retry-after", "")
    return error_of(
        problem if isinstance(problem, Mapping) else {},
        status=response.status_code,
        retry_after_s=float(told) if told.isascii() and told.isdigit() else None,
        path=about,
    )
