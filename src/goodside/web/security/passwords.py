"""Passwords, kept as what scrypt makes of them.

scrypt is RFC 7914's function that takes much memory on purpose, so that guessing is dear.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading

from goodside.errors import SettingsError

SHORTEST = 10
"""The shortest password that is accepted, in characters."""

_N, _R, _P = 1 << 15, 8, 1  # 32 MB and some 80 ms
_LARGEST_N, _LARGEST_R, _LARGEST_P = 1 << 18, 16, 4
_LONGEST = 1024
_at_once = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """What is kept of a password: `scrypt$N$r$p$SALT$KEY`, the last two in base64.

    Raises:
        SettingsError: it is shorter than `SHORTEST` letters, or absurdly long.
    """
    if not SHORTEST <= len(password) <= _LONGEST:
        raise SettingsError(
            f"the password has {len(password)} letters",
            remedy=f"take {SHORTEST} or more; four words that have nothing to do with each other "
            "are easy to keep in mind",
        )
    salt = os.urandom(16)
    key = _key(password, salt, n=_N, r=_R, p=_P)
    return "$".join(("scrypt", str(_N), str(_R), str(_P), _text(salt), _text(key)))


def check_hash(password_hash: str) -> str:
    """The hash itself, if `hash_password` could have written it.

    Raises:
        SettingsError: it is none.
    """
    _parts(password_hash)
    return password_hash


def is_password(password: str, password_hash: str) -> bool:
    """Whether a password is the one that was hashed; takes as long for a wrong one.

    Raises:
        SettingsError: the hash is none.
    """
    n, r, p, salt, key = _parts(password_hash)
    found = _key(password[: _LONGEST + 1], salt, n=n, r=r, p=p, length=len(key))
    return hmac.compare_digest(found, key)


def _key(password: str, salt: bytes, *, n: int, r: int, p: int, length: int = 32) -> bytes:
    with _at_once:  # else many who try at once take all memory
        return hashlib.scrypt(
            password.encode("utf-8", "surrogateescape"),
            salt=salt,
            n=n,
            r=r,
            p=p,
            dklen=length,
            maxmem=256 * n * r + (1 << 20),
        )


def _parts(password_hash: str) -> tuple[int, int, int, bytes, bytes]:
    try:
        kind, n, r, p, salt, key = password_hash.strip().split("$")
        parts = (int(n), int(r), int(p), _bytes(salt), _bytes(key))
    except ValueError:
        kind, parts = "", (0, 0, 0, b"", b"")
    n_, r_, p_, salt_, key_ = parts
    sound = (
        kind == "scrypt"
        and 1 << 14 <= n_ <= _LARGEST_N
        and n_ & (n_ - 1) == 0
        and 1 <= r_ <= _LARGEST_R
        and 1 <= p_ <= _LARGEST_P
        and len(salt_) >= 16
        and len(key_) >= 32
    )
    if not sound:
        raise SettingsError(
            "this is no hash of a password",
            remedy="make one with `goodside serve --hash-password`",
        )
    return parts


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
