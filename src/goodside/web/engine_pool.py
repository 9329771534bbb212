"""Work for the engines: as much at once as there are cores, a queue before it, then a refusal."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from goodside.errors import ImageTimeout, ServiceBusy

Result = TypeVar("Result")

_FIRST_GUESS_S = 0.2
_WEIGHT_OF_NEW = 0.1
_LONGEST_RETRY_S = 60.0


@dataclass(slots=True)
class Admission:
    """One request that is inside; see `EnginePool.admitted`.

    Attributes:
        deadline: on the loop's clock, in seconds; later, nobody waits for it any more.
        unfinished: work that goes on in a thread after nobody waits for it.
    """

    deadline: float
    unfinished: Future[object] | None = None


class EnginePool:
    """Threads that share the engines' sessions.

    ONNX Runtime and the decoders let other threads run meanwhile, so about as many as there are
    cores keep them busy. A request takes its place before its body is read: what waits is bounded,
    too.

    Args:
        concurrency: requests worked on at once.
        queue: requests that wait.
        timeout_s: from admission to the result.
    """

    def __init__(self, *, concurrency: int, queue: int, timeout_s: float) -> None:
        self.concurrency, self.queue, self.timeout_s = concurrency, queue, timeout_s
        self._threads = ThreadPoolExecutor(concurrency, thread_name_prefix="engine")
        self._inside = 0
        self._running = 0
        self._mean_s = _FIRST_GUESS_S
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        """Requests that are worked on."""
        return self._running

    @property
    def waiting(self) -> int:
        """Requests that were let in and are not worked on, their bodies being read or not."""
        return max(0, self._inside - self._running)

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[Admission]:
        """A place for one request.

        Raises:
            ServiceBusy: there is none.
        """
        self._enter()
        admission = Admission(asyncio.get_running_loop().time() + self.timeout_s)
        try:
            yield admission
        finally:
            if admission.unfinished is None:
                self._leave()
            else:  # its thread is not free yet
                admission.unfinished.add_done_callback(lambda _: self._leave())

    async def run(self, admission: Admission, work: Callable[[], Result]) -> Result:
        """Let a thread do the work of an admitted request.

        Raises:
            ImageTimeout: it took longer than `timeout_s`, waiting included.
        """
        job: Future[Result] = self._threads.submit(self._timed, work)
        left_s = max(0.001, admission.deadline - asyncio.get_running_loop().time())
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job)), left_s)
        except TimeoutError:
            raise ImageTimeout(
                f"it took longer than {self.timeout_s:g} s",
                remedy="send a smaller picture, or fewer at once",
            ) from None
        finally:
            if not job.done() and not job.cancel():
                admission.unfinished = job  # type: ignore[assignment]

    def close(self) -> None:
        """Finish what has begun, and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _enter(self) -> None:
        with self._lock:
            if self._inside >= self.concurrency + self.queue:
                ahead_s = self._mean_s * self._inside / self.concurrency
                raise ServiceBusy(
                    "too many requests are waiting",
                    remedy="send it again after the time in Retry-After",
                    retry_after_s=min(max(1.0, ahead_s), _LONGEST_RETRY_S),
                )
            self._inside += 1

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1

    def _timed(self, work: Callable[[], Result]) -> Result:
        with self._lock:
            self._running += 1
        begun = time.monotonic()
        try:
            return work()
        finally:
            with self._lock:
                self._running -= 1
                self._mean_s += _WEIGHT_OF_NEW * (time.monotonic() - begun - self._mean_s)
