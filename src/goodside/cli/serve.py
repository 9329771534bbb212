"""`goodside serve`: the album in a browser, and the engines over HTTP."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.web.options import ServeOptions
    from goodside.web.serve import Listening

_HASH_VARIABLE, _TOKEN_VARIABLE = "GOODSIDE_PASSWORD_HASH", "GOODSIDE_TOKEN"
_SHORTEST_TOKEN = 32


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@album_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8765,
    show_default=True,
    help="0 takes any free one.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name by which others reach the service, as through a proxy on this computer.",
)
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds the hash of the password that others need; or GOODSIDE_PASSWORD_HASH does.",
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password's hash from standard input."
)
@click.option("--hash-password", is_flag=True, help="Ask for a password, print its hash, and end.")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds the token of programs; or GOODSIDE_TOKEN does.  [default: a random one]",
)
@click.option("--read-only", is_flag=True, help="Show everything, change nothing.")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Folders below this one may be chosen for scanning in the browser.",
)
@click.option("--no-open", is_flag=True, help="Open no browser.")
@click.option(
    "--max-upload",
    "max_upload_megabytes",
    type=click.FloatRange(min=0, min_open=True, max=10_000),
    default=64.0,
    show_default=True,
    help="Megabytes of one request.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 256),
    help="Requests that the engines work on at once.  [default: the cores and one more]",
)
@click.option(
    "--queue",
    type=click.IntRange(0, 10_000),
    default=64,
    show_default=True,
    help="Requests that may wait for the engines.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0.1, max=3600),
    default=60.0,
    show_default=True,
    help="Seconds that one request to the engines may take.",
)
@click.option("--json", "as_json", is_flag=True, help="Log every request as a JSON object.")
def serve(
    *,
    folders: tuple[Path, ...],
    album: Album,
    host: str,
    port: int,
    names: tuple[str, ...],
    password_file: Path | None,
    password_stdin: bool,
    hash_password: bool,
    token_file: Path | None,
    read_only: bool,
    roots: tuple[Path, ...],
    no_open: bool,
    max_upload_megabytes: float,
    concurrency: int | None,
    queue: int,
    timeout_s: float,
    as_json: bool,
) -> None:
    """Show the album in a browser, and answer programs over HTTP; Ctrl-C ends it.

    Opens the link that it prints; the link's token lets in. DIR are scanned meanwhile. By default
    only this computer reaches it. With --host or --name others do too: they need a password, whose
    hash is read from a file, a variable or standard input, or which is asked for.
    """
    if hash_password:
        from goodside.web.security.passwords import hash_password as hashed

        echo(hashed(_ask_password()))
        return
    from goodside.errors import SettingsError
    from goodside.web.observation import Log
    from goodside.web.options import ServeOptions, usual_concurrency
    from goodside.web.serve import serve as run

    if read_only and folders:
        raise click.UsageError("--read-only scans nothing: leave DIR out")
    options = ServeOptions(
        host=host,
        port=port,
        read_only=read_only,
        roots=tuple(root.absolute() for root in roots),
        folders=tuple(folder.absolute() for folder in folders),
        token=_token(token_file),
        names=names,
        max_upload_megabytes=max_upload_megabytes,
        concurrency=concurrency or usual_concurrency(),
        queue=queue,
        timeout_s=timeout_s,
    )
    for folder in (*options.folders, *options.roots):
        if not folder.is_dir():
            raise SettingsError("there is no such folder", path=folder, remedy="check the path")
    options = _with_password(options, password_file, from_stdin=password_stdin)
    opens = not no_open and _has_screen()

    def announce(listening: Listening) -> None:
        _announce(listening, album=album)
        if opens:
            import webbrowser

            webbrowser.open(listening.link)

    run(album, options, log=Log("json" if as_json else "text"), on_listening=announce)


def _announce(listening: Listening, *, album: Album) -> None:
    """Say what is open to whom."""
    options = listening.site.options
    may = "see every photograph and download originals"
    may += "" if options.read_only else ", name people, rate, pick, scan and take all that back"
    echo(f"serving {shown(str(album.location))}; Ctrl-C ends it")
    echo(f"open {listening.link}")
    if not options.is_public:
        echo(f"whoever has this link, on this computer, can {may}")
    else:
        port = listening.origin.rpartition(":")[2]
        reached = ", ".join(options.names) or f"{options.host}, port {port}"
        echo(f"whoever reaches {reached} and knows the password, or has this link, can {may}")
        echo("the connection is not encrypted: put a proxy with TLS before it, as the manual shows")
    sys.stdout.flush()


def _with_password(
    options: ServeOptions, password_file: Path | None, *, from_stdin: bool
) -> ServeOptions:
    """The options with the hash of the password, which is asked for where one is needed."""
    from dataclasses import replace

    from goodside.web.security.passwords import check_hash
    from goodside.web.security.passwords import hash_password as hashed

    if from_stdin:
        kept: str | None = sys.stdin.readline(4096).strip()
    elif password_file is not None:
        kept = _secret(password_file)
    else:
        kept = os.environ.get(_HASH_VARIABLE) or None
    if kept is not None:
        return replace(options, password_hash=check_hash(kept))
    if options.is_public and sys.stdin.isatty():
        echo("others will reach this album; choose the password that they need", err=True)
        return replace(options, password_hash=hashed(_ask_password()))
    return options


def _ask_password() -> str:
    """From a person, twice and unseen; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(4096).rstrip("\r\n")
    password: str = click.prompt(
        "Password", hide_input=True, confirmation_prompt="Once more", err=True
    )
    return password


def _token(file: Path | None) -> str | None:
    from goodside.errors import SettingsError

    token = _secret(file) if file is not None else os.environ.get(_TOKEN_VARIABLE) or None
    if token is not None and (len(token) < _SHORTEST_TOKEN or not token.isascii()):
        raise SettingsError(
            f"a token has {_SHORTEST_TOKEN} letters or more, of ASCII",
            path=file,
            remedy="make one with `openssl rand -hex 32`",
        )
    return token


def _secret(file: Path) -> str:
    """The first line of a file that few may read."""
    from goodside.errors import SettingsError
    from goodside.os_errors import explain
    from goodside.regular_file import read_regular

    try:
        lines = read_regular(file, max_bytes=4096).decode("utf-8", "replace").splitlines()
    except OSError as error:
        explained = explain(error, file)
        raise SettingsError(explained.reason, path=file, remedy=explained.remedy) from error
    return lines[0].strip() if lines else ""


def _has_screen() -> bool:
    """Whether a browser would be seen: not over SSH, in a container or from a job."""
    if "SSH_CONNECTION" in os.environ or not sys.stdout.isatty():
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
