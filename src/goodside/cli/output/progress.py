"""A progress bar on standard error, where a person is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

from goodside.text import visible

if TYPE_CHECKING:
    from goodside.album.progress import StageProgress

Item = TypeVar("Item")


def watched(items: Iterable[Item], *, total: int, description: str) -> Iterator[Item]:
    """The items as they come, with a bar unless they are few or nobody watches."""
    if total < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(
        items, description=_plain(description), total=total, console=console, transient=True
    )


def _plain(description: str) -> str:
    """A description in which nothing is markup."""
    from rich.markup import escape

    return escape(visible(description))


@contextmanager
def counting(description: str) -> Iterator[Callable[[int, int], None]]:
    """A function that takes how many are done of how many; shows a bar, the rate and what is left.

    Nothing is shown unless a person watches.
    """
    if not sys.stderr.isatty():
        yield _count_nothing
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} a second" if task.speed else "")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(description, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class StageBars:
    """`counting` for work in stages: a bar for each, one after the other."""

    def __init__(self) -> None:
        self._stage = ""
        self._bars = ExitStack()
        self._count: Callable[[int, int], None] = _count_nothing

    def show(self, at: StageProgress) -> None:
        """Show how far a stage is; a bar without an end where nobody counts."""
        if at.stage != self._stage:
            self.close()
            self._stage = at.stage
            self._count = self._bars.enter_context(counting(at.stage))
        if at.total:
            self._count(at.done, at.total)

    def close(self) -> None:
        """Take the bar away."""
        self._bars.close()
        self._stage = ""


def _count_nothing(_done: int, _total: int) -> None:
    pass
