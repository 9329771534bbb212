"""The gallery's texts for translators: finds them, brings every language up to date, compiles it.

python -m tools.extract_texts goodside.pot

Writes all messages to the file named: those of templates, of Python, of the library's phrases, and
of the errors that a page can show. Merges them into each
`src/goodside/web/locale/LANGUAGE/LC_MESSAGES/goodside.po`, and compiles `goodside.mo` beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from goodside.web.error_texts import CONTEXT
from tools.error_messages import find_error_messages

SOURCE = Path("src/goodside")
LOCALE = SOURCE / "web" / "locale"
_METHODS = [("web/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "phrase": None, "count_phrase": (1, 2)}
_ELSEWHERE = ("cli", "client", "evaluation", "report")
"""Rooms whose errors no page shows."""
_TEMPLATES = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
_OPTIONS = {"web/templates/**.html": {**_TEMPLATES, "silent": "false"}}


def extract_texts() -> Catalog:
    """Every message of templates and code, with where it stands."""
    catalog = Catalog(project="goodside", charset="utf-8")
    found = extract_from_dir(
        SOURCE,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=["Translators:"],
    )
    for name, line, message, comments, context in found:
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    for path in error_modules():
        for said in find_error_messages(path):
            where = [(str(path.relative_to(SOURCE)), said.line)]
            catalog.add(said.text, None, where, context=CONTEXT)
    return catalog


def error_modules() -> list[Path]:
    """The modules whose errors a page can show."""
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if not set(_ELSEWHERE).intersection(path.relative_to(SOURCE).parts)
    ]


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
