"""Days as a person reads them, in the language of the request."""

from __future__ import annotations

from datetime import date

from goodside.web.texts import gettext as _


def day_text(day: date) -> str:
    """22 November 2025."""
    # Translators: a day; "{day}.{number}.{year}" is allowed, too.
    return _("{day} {month} {year}").format(**_parts(day))


def month_text(day: date) -> str:
    """November 2025."""
    return _("{month} {year}").format(**_parts(day))


def month_name(month: int) -> str:
    """A month by its number, from 1."""
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )[month - 1]


def _parts(day: date) -> dict[str, object]:
    return {
        "day": day.day,
        "month": month_name(day.month),
        "number": day.month,
        "year": day.year,
    }
