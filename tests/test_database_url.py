"""Where a catalog lies on a server: told from files, and never shown with its password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from goodside.database_url import (
    DatabaseUrl,
    database_name,
    hide_passwords,
    parse_location,
    with_database,
    with_parameter,
)
from goodside.errors import SettingsError
from goodside.settings import Settings

_SECRET = "s3cret:@word"
_URL = "postgresql+psycopg://ann:s3cret%3A%40word@db.example:5433/photographs"


@pytest.mark.parametrize("text", ["album.db", "/a/b.db", "C:\\albums\\a.db", "postgresql", "a:b"])
def test_a_name_is_a_file(text: str) -> None:
    assert parse_location(text) == Path(text)


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql", "postgres"])
def test_a_url_is_a_database(scheme: str) -> None:
    url = parse_location(f"{scheme}://ann@db/photographs")
    assert isinstance(url, DatabaseUrl)
    assert url.driver_text == "postgresql+psycopg://ann@db/photographs"
    assert database_name(url) == "photographs"
    assert parse_location(url) is url


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("mysql://db/x", "mysql:// is neither"),
        ("sqlite:///x.db", "sqlite:// is neither"),
        ("postgresql://db", "names no database"),
        ("postgresql://db/", "names no database"),
        ("postgresql://db:port/x", "port is no number"),
    ],
)
def test_other_urls_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_location(text)


@pytest.mark.parametrize(
    "text",
    [
        _URL,
        "postgresql://ann:s3cret@db/x",
        "postgresql://ann:a/s3cret@db/x",
        "postgresql://:s3cret@/x",
        "postgresql://db/x?user=ann&password=s3cret&sslmode=require",
        "postgresql://db/x?sslpassword=s3cret",
        "at postgresql://ann:s3cret@db/x: refused, as postgres://bo:s3cret@db/y was",
    ],
)
def test_no_password_is_shown(text: str) -> None:
    shown = hide_passwords(text)
    assert "s3cret" not in shown
    assert "***" in shown
    url = DatabaseUrl(text)
    for said in (str(url), repr(url), f"{url}", repr([url]), json.dumps(str(url))):
        assert "s3cret" not in said


def test_what_is_no_password_stays() -> None:
    for text in ("postgresql://ann@db:5432/x", "a:b@c", "https://example.org/a:b@c"):
        assert hide_passwords(text) == text


def test_another_database_and_a_parameter_of_the_same_server() -> None:
    url = DatabaseUrl("postgresql://ann@/x?host=/run/pg")
    assert with_database(url, "a b").secret_text == "postgresql://ann@/a%20b?host=/run/pg"
    told = with_parameter(url, options="-c search_path=a").secret_text
    assert told.endswith("?host=%2Frun%2Fpg&options=-c+search_path%3Da")


def test_a_setting_takes_both_and_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSIDE_CATALOG", _URL)
    settings = Settings()
    assert isinstance(settings.catalog, DatabaseUrl)
    assert "s3cret" not in repr(settings)
    monkeypatch.setenv("GOODSIDE_CATALOG", "mysql://ann:s3cret@db/x")
    with pytest.raises(SettingsError, match=r"GOODSIDE_CATALOG is 'mysql://ann:\*\*\*@db/x'"):
        Settings()
    monkeypatch.setenv("GOODSIDE_CATALOG", "albums/a.db")
    assert Settings().catalog == Path("albums/a.db")
