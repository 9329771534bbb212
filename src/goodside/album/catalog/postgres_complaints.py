"""What a PostgreSQL server complains of, and what can be done about it."""

from __future__ import annotations

from goodside.database_url import DatabaseUrl, database_name, hide_passwords
from goodside.errors import CatalogError

_RESTORE = "restore the newest backup, and let the server's administrator check its disk"
_BY_CODE = {
    "55P03": ("another goodside is writing to the catalog", "wait for it to end"),
    "28P01": (
        "the server refuses this user or password",
        "check them; a password may stand in PGPASSWORD or ~/.pgpass",
    ),
    "28000": (
        "the server refuses this user",
        "check the user's name, and who may connect (pg_hba.conf)",
    ),
    "42501": (
        "the user may not do this in the database",
        "let its administrator make the user the database's owner",
    ),
    "25006": ("the database can only be read", "name the server that takes changes"),
    "53100": ("the server's disk is full", "free some space on it"),
    "53300": (
        "the server has no connection left",
        "end other programs, or raise its max_connections",
    ),
    "XX001": ("the database is damaged", _RESTORE),
    "XX002": ("the database is damaged", _RESTORE),
    "57014": ("the server ended the query", "try again, or raise its statement_timeout"),
}
_BY_CLASS = {
    "23": ("the catalog does not agree with itself", _RESTORE),
    "57": ("the server is being stopped", "try again when it runs"),
    "08": ("the connection to the server was lost", "try again when it runs"),
}


def explain_complaint(error: Exception, url: DatabaseUrl) -> CatalogError:
    """The server's complaint as an error of goodside's, without the password.

    Args:
        error: SQLAlchemy's or the driver's.
        url: of the database.
    """
    raw = getattr(error, "orig", None) or error
    code = getattr(raw, "sqlstate", None) or ""
    said = hide_passwords((str(raw).strip() or type(raw).__name__).splitlines()[0])
    place = str(url)
    if code == "3D000":
        return CatalogError(
            "there is no such database on the server",
            path=place,
            remedy=f"make it: createdb {database_name(url)}",
        )
    known = _BY_CODE.get(code) or _BY_CLASS.get(code[:2])
    if known is not None:
        what, remedy = known
        return CatalogError(
            f"{what}: {said}" if code[:2] == "23" else what, path=place, remedy=remedy
        )
    if not code:
        return _of_connection(said, url)
    return CatalogError(f"the catalog: {said}", path=place, remedy="check the server and its log")


def _of_connection(said: str, url: DatabaseUrl) -> CatalogError:
    """Before a connection stands, the driver gives no codes."""
    lower = said.lower()
    if "does not exist" in lower and "database" in lower:
        return CatalogError(
            "there is no such database on the server",
            path=str(url),
            remedy=f"make it: createdb {database_name(url)}",
        )
    if "password" in lower or "authentication" in lower or "no pg_hba.conf" in lower:
        what, remedy = _BY_CODE["28P01"]
        return CatalogError(what, path=str(url), remedy=remedy)
    return CatalogError(
        f"the server cannot be reached, or went away: {said}",
        path=str(url),
        remedy="check that it runs, and the URL's host and port",
    )
