"""How people's verdicts of one photograph would be spread, as the bars of a drawing."""

from __future__ import annotations

from dataclasses import dataclass

_WIDTH, _HEIGHT, _LEAST_BAR = 100, 32, 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a drawing that is 100 wide and 32 high; `mean` if it is nearest the mean."""

    x: float
    y: float
    width: float
    height: float
    mean: bool


def bars(distribution: tuple[float, ...]) -> list[Bar]:
    """A distribution as bars, the likeliest score as high as the drawing."""
    total, highest = sum(distribution) or 1.0, max(distribution) or 1.0
    mean = sum(score * share for score, share in enumerate(distribution, start=1)) / total
    step = _WIDTH / len(distribution)
    heights = [max(_LEAST_BAR, _HEIGHT * share / highest) for share in distribution]
    return [
        Bar(
            x=round((index + 0.15) * step, 2),
            y=round(_HEIGHT - height, 2),
            width=round(0.7 * step, 2),
            height=round(height, 2),
            mean=index + 1 == round(mean),
        )
        for index, height in enumerate(heights)
    ]
