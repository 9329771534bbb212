"""What one frame has over another."""

from __future__ import annotations

from goodside.album.picks import Lead, find_leads
from goodside.album.picks.worth import Worth


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
