"""What one frame has over another."""

from __future__ import annotations

import pytest

from goodside.album.picks import Lead, Worth, compute_worth, find_leads, part_share
from goodside.album.picks.leads import PARTS, RANGES
from tests.album.picks.made import face, shot


def test_the_largest_lead_comes_first_and_small_ones_do_not_count() -> None:
    best = Worth(6.0, sharpness=0.5, eyes=0.0, facing=-0.1, exposure=0.0)
    other = Worth(5.5, sharpness=0.4, eyes=-1.0, facing=-0.1, exposure=-0.2)
    assert [lead.part for lead in find_leads(best, other)] == ["eyes", "aesthetic", "exposure"]
    assert find_leads(best, other)[0] == Lead("eyes", 1.0)


def test_the_other_may_lead_too() -> None:
    best, other = Worth(6.0, sharpness=-0.4), Worth(5.0, sharpness=0.4)
    assert [lead.part for lead in find_leads(best, other)] == ["aesthetic"]
    assert [lead.part for lead in find_leads(other, best)] == ["sharpness"]


def test_equals_have_no_lead() -> None:
    assert find_leads(Worth(5.0), Worth(5.05)) == ()


def test_a_part_is_a_share_of_what_it_can_be() -> None:
    perfect = Worth(10.0, sharpness=0.75, technical=1.8)
    poor = Worth(
        1.0, sharpness=-0.75, eyes=-1.2, facing=-0.6, exposure=-2.0, stars=-3.0, technical=-1.8
    )
    assert {part_share(perfect, part) for part in PARTS if part != "stars"} == {1.0}
    assert {part_share(poor, part) for part in PARTS} == {0.0}
    assert part_share(Worth(5.5), "aesthetic") == 0.5


def test_no_photograph_leaves_the_ranges() -> None:
    shut = face(sharpness=0.0, eyes=0.0, yaw=90.0)
    bad = compute_worth(
        shot(1, 1.0, faces=(shut,), facts={"clipped_dark": 1.0}, stars=0, technical=1)
    )
    good = compute_worth(shot(2, 10.0, faces=(face(sharpness=1.0),), stars=5, technical=10))
    for part in PARTS:
        low, high = RANGES[part]
        assert low - 1e-9 <= getattr(bad, part) <= getattr(good, part) <= high
    assert bad.facing == pytest.approx(RANGES["facing"][0])
    assert good.sharpness == RANGES["sharpness"][1]
    assert (bad.technical, good.technical) == pytest.approx(RANGES["technical"])


def test_a_technically_better_frame_leads() -> None:
    noisy, clean = (compute_worth(shot(1, technical=quality)) for quality in (5.0, 6.5))
    (lead,) = find_leads(clean, noisy)
    assert lead.part == "technical"
    assert lead.points == pytest.approx(0.6)
    assert find_leads(compute_worth(shot(1, technical=5.3)), noisy) == ()
