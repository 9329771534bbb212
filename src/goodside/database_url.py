"""Where a catalog lies on a database server: a URL whose password nobody is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PASSWORD = re.compile(r"(://[^/?#@\s:]*):[^?#\s]*@")
_SECRETS = frozenset({"password", "sslpassword", "passfile"})
_SECRET = re.compile(rf"\b({'|'.join(sorted(_SECRETS))})=[^&\s]*")
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """The URL of a database; `str` and `repr` leave its password out.

    Attributes:
        secret_text: the URL as it was given, with its password.
    """

    secret_text: str = field(repr=False)

    def __str__(self) -> str:
        """The URL without its password, as messages show it."""
        return hide_passwords(self.secret_text)

    def __repr__(self) -> str:
        return f"DatabaseUrl({str(self)!r})"

    @property
    def driver_text(self) -> str:
        """The URL as SQLAlchemy takes it, with its password and the driver's name."""
        return f"postgresql+psycopg://{self.secret_text.partition('://')[2]}"


def is_url(text: str) -> bool:
    """Whether a text is a URL rather than the name of a file."""
    return _SCHEME.match(text) is not None


def parse_location(text: str | Path | DatabaseUrl) -> Path | DatabaseUrl:
    """Where a catalog lies: a file, or a database on a PostgreSQL server.

    Args:
        text: the name of a file, or `postgresql+psycopg://[user[:password]@][host][:port]/database`
            (`postgresql://` means the same).

    Raises:
        ValueError: it is the URL of something else, or names no database.
    """
    if not isinstance(text, str):
        return text
    if not is_url(text):
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme not in _SCHEMES:
        raise ValueError(
            f"a catalog is a file, or a database as in postgresql+psycopg://HOST/DATABASE; "
            f"{parts.scheme}:// is neither"
        )
    if not parts.path.strip("/"):
        raise ValueError("the URL names no database, as in postgresql+psycopg://HOST/DATABASE")
    try:
        _ = parts.port
    except ValueError as error:
        raise ValueError("the URL's port is no number") from error
    return DatabaseUrl(text)


def hide_passwords(text: str) -> str:
    """A text with the passwords of all URLs in it left out."""
    return _SECRET.sub(rf"\1={_HIDDEN}", _PASSWORD.sub(rf"\1:{_HIDDEN}@", text))


def with_database(url: DatabaseUrl, name: str) -> DatabaseUrl:
    """The same server, another database."""
    return DatabaseUrl(urlunsplit(urlsplit(url.secret_text)._replace(path=f"/{quote(name)}")))


def with_parameter(url: DatabaseUrl, **values: str) -> DatabaseUrl:
    """The same URL with parameters of the connection added, such as `options`."""
    parts = urlsplit(url.secret_text)
    query = urlencode([*parse_qsl(parts.query), *values.items()])
    return DatabaseUrl(urlunsplit(parts._replace(query=query)))


def database_name(url: DatabaseUrl) -> str:
    """The name of the database."""
    return unquote(urlsplit(url.secret_text).path.strip("/"))
