"""The gallery's texts for translators: finds them, brings every language up to date, compiles it.

python -m tools.extract_texts goodside.pot

Writes all messages to the file named, merges them into each
`src/goodside/web/locale/LANGUAGE/LC_MESSAGES/goodside.po`, and compiles `goodside.mo` beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path("src/goodside/web")
LOCALE = WEB / "locale"
_METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_TEMPLATES = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
_OPTIONS = {"templates/**.html": {**_TEMPLATES, "silent": "false"}}


def extract_texts() -> Catalog:
    """Every message of templates and code, with where it stands."""
    catalog = Catalog(project="goodside", charset="utf-8")
    found = extract_from_dir(
        WEB, method_map=_METHODS, options_map=_OPTIONS, comment_tags=["Translators:"]
    )
    for name, line, message, comments, context in found:
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def update_languages(catalog: Catalog, locale: Path = LOCALE) -> Iterator[tuple[str, int, int]]:
    """Merge messages into every language, and compile it.

    Args:
        catalog: all messages.
        locale: holds a folder a language.

    Yields:
        Each language with how many of its messages are translated, of how many.
    """
    for path in sorted(locale.glob("*/LC_MESSAGES/goodside.po")):
        with path.open("rb") as stream:
            known = read_po(stream, locale=path.parent.parent.name)
        known.update(catalog, no_fuzzy_matching=True)
        with path.open("wb") as stream:
            write_po(stream, known, width=100, ignore_obsolete=True, sort_output=True)
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, known)
        wanted = [message for message in known if message.id]
        yield path.parent.parent.name, sum(bool(one.string) for one in wanted), len(wanted)


if __name__ == "__main__":
    messages = extract_texts()
    target = Path(sys.argv[1])
    with target.open("wb") as template:
        write_po(template, messages, width=100, sort_output=True)
    print(f"{target}: {len(messages)} messages")
    for language, done, total in update_languages(messages):
        print(f"{language}: {done} of {total}")
