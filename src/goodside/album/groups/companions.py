"""What photographs are in a group with: whom a choice among frames, or a separation, is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from goodside.album.catalog import Session, list_groups, list_photos
from goodside.errors import OutOfRange
from goodside.types import SERIES_KINDS


def find_companions(
    session: Session, contents: Sequence[str], *, kinds: Iterable[str] = SERIES_KINDS
) -> tuple[str, ...]:
    """The photographs that these are in a group with, without themselves.

    Args:
        session: of `Catalog.read`.
        contents: sha256 of each, hexadecimal.
        kinds: of the groups that count.

    Returns:
        The sha256 of each, once, in the order of the groups.

    Raises:
        OutOfRange: they are in no such group with others.
    """
    content_of = {photo.id: photo.sha256 for photo in list_photos(session)}
    wanted, meant = set(contents), set(kinds)
    found = dict.fromkeys(
        content_of[one]
        for group in list_groups(session)
        if group.kind in meant and any(content_of.get(p) in wanted for p in group.photo_ids)
        for one in group.photo_ids
        if one in content_of and content_of[one] not in wanted
    )
    if not found:
        raise OutOfRange(
            "they are in no group with other photographs",
            remedy="goodside album groups lists the groups; scan first",
        )
    return tuple(found)
