"""A scan as the person at the terminal sees it: progress, and Ctrl-C."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self

from goodside.cli.output.progress import StageBars
from goodside.cli.output.terminal import echo

if TYPE_CHECKING:
    from goodside.album.progress import StageProgress


class ScanWatch:
    """Shows how far a scan is, and stops it on Ctrl-C; use it as a context manager.

    While files are read, Ctrl-C lets the scan finish what is begun; pressed twice, before or after
    that, it ends the program at once.
    """

    def __init__(self) -> None:
        self._interrupted = False
        self._bars = StageBars()
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def interrupted(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._interrupted

    def show(self, at: StageProgress) -> None:
        """Show how far it is."""
        if at.stage == "scanning" and not self._interrupted:
            signal.signal(signal.SIGINT, self._stop)
        else:
            self._let_go()
        self._bars.show(at)

    def end(self) -> None:
        """Take the bar away and let Ctrl-C end the program again."""
        self._bars.close()
        self._let_go()

    def _stop(self, _number: int, _frame: object) -> None:
        self._interrupted = True
        self._let_go()
        echo("\ngoodside: stopping; what is begun is finished and kept", err=True)

    def _let_go(self) -> None:
        signal.signal(signal.SIGINT, self._before)
