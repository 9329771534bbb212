"""Long lists in pages, and the page that says that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from fastapi import Request
from fastapi.responses import HTMLResponse

from goodside.web.gallery.render import page


@dataclass(frozen=True, slots=True)
class Pages:
    """Which part of a list is shown.

    Attributes:
        number: of the page, from 1.
        count: of pages, 1 at least.
        first, last: places in the list, from 0; `last` is the first that is not shown.
        total: length of the list.
    """

    number: int
    count: int
    first: int
    last: int
    total: int

    @classmethod
    def of(cls, total: int, *, at: int, size: int) -> Self:
        """The page `at`, or the last one if there are fewer, of a list of `total`."""
        count = max(1, -(-total // size))
        number = min(max(1, at), count)
        first = (number - 1) * size
        return cls(number, count, first, min(total, first + size), total)

    @property
    def near(self) -> list[int]:
        """Numbers worth a link: the first, the last, and those about this one; 0 for a gap."""
        wanted = sorted({1, self.count, *range(self.number - 1, self.number + 2)})
        numbers: list[int] = []
        for number in wanted:
            if not 1 <= number <= self.count:
                continue
            if numbers and number - numbers[-1] > 1:
                numbers.append(0)
            numbers.append(number)
        return numbers


def not_found(request: Request) -> HTMLResponse:
    """The page of an address behind which there is nothing, or nothing any more."""
    return page(request, "not_found.html", status_code=404)
