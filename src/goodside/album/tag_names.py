"""The tags of an album, one spelling each: the network's names before people's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from goodside.album.catalog import Catalog, Decisions, PhotoRecord, list_photos
from goodside.tags import display_name, tag_key


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How tags are spelt.

    Attributes:
        names: key, as `tag_key` gives it, to the spelling that is shown.
    """

    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, photos: Iterable[PhotoRecord], decisions: Decisions) -> Self:
        """The network's labels and words by their names, and people's own as most are spelt."""
        judged = [one.judged for one in photos if one.judged is not None]
        labels = {label for one in judged for label in (*one.tags, *one.words)}
        return cls.of_labels(labels, decisions)

    @classmethod
    def of_labels(cls, labels: Iterable[str], decisions: Decisions) -> Self:
        """The same of the labels and words that the network ever gave, however sure it was."""
        own = Counter(tag for tags in decisions.tags.values() for tag in tags)
        rarest_first = sorted(own, key=lambda tag: (own[tag], tag))
        names = {tag_key(tag): tag for tag in rarest_first}
        names |= {tag_key(label): display_name(label) for label in sorted(set(labels))}
        return cls(names)

    def with_keywords(self, keywords: Iterable[str]) -> Self:
        """The same, and what other programs wrote, whole and by the levels of a hierarchy."""
        words = (part for word in keywords for part in (word, *word.split("|")))
        return type(self)({tag_key(word): word for word in words} | dict(self.names))

    def name(self, tag: str) -> str:
        """The spelling of a tag; as it is given where the album has none like it."""
        return self.names.get(tag_key(tag), tag)


def read_vocabulary(catalog: Catalog) -> Vocabulary:
    """All that may be carried in an album: labels of the network, own tags, keywords of others.

    Raises:
        CatalogError: the catalog is damaged or cannot be read.
    """
    decisions = catalog.decisions()
    with catalog.read() as session:
        photos = list_photos(session)
    keywords = (word for photo in photos for word in photo.description.keywords)
    return Vocabulary.of(photos, decisions).with_keywords(keywords)
