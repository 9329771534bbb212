"""Keys: the defaults, and a person's own file over them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.gallery.keys import read_keys
from goodside.web.gallery.render import templates


def _own(place: Path, content: Any) -> Path:
    path = place / "keys.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_the_defaults_hold_the_keys_of_the_field(tmp_path: Path) -> None:
    keys = read_keys(tmp_path / "keys.json").keys
    assert keys["pick"] == ("p",)
    assert keys["reject"] == ("x",)
    assert keys["unflag"] == ("u",)
    assert keys["undo"] == ("Ctrl+z",)
    assert [keys[f"stars{n}"] for n in range(6)] == [(str(n),) for n in range(6)]


def test_no_key_of_the_viewer_does_two_things(tmp_path: Path) -> None:
    keys = read_keys(tmp_path / "keys.json").keys
    viewer = (
        *("next", "previous", "first", "last", "close", "pick", "reject", "unflag", "undo"),
        *("zoom", "face", "burst", "compare", "advance", "information", "full_screen", "help"),
        *(f"stars{n}" for n in range(6)),
    )
    given = [key for action in viewer for key in keys[action]]
    assert sorted(set(given)) == sorted(given)


def test_own_keys_replace_the_defaults_and_stand_first(tmp_path: Path) -> None:
    read = read_keys(_own(tmp_path, {"unflag": ["x", "+"], "stars0": []}))
    assert read.problem is None
    assert list(read.keys)[:2] == ["unflag", "stars0"]
    assert read.keys["unflag"] == ("x", "+")
    assert read.keys["stars0"] == ()
    assert read.keys["pick"] == ("p",)
    assert set(read.keys) == set(read_keys(tmp_path / "none.json").keys)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "keys.json"),
        ([], "no JSON object"),
        ({"dance": ["d"]}, "dance"),
        ({"pick": "p"}, "list of keys"),
        ({"pick": [1]}, "list of keys"),
        ({"pick": [""]}, "list of keys"),
        ({"pick": ["a" * 41]}, "list of keys"),
        ({"pick": ["q"], "reject": ["q"]}, "twice"),
        ("[" * 100_000, "too long"),
        ("[" * 50_000, "keys.json"),
    ],
    ids=range(10),
)
def test_a_file_that_cannot_be_used_is_said_and_the_defaults_hold(
    tmp_path: Path, content: Any, word: str
) -> None:
    read = read_keys(_own(tmp_path, content))
    assert read.problem is not None
    assert word in read.problem
    assert read.keys == read_keys(tmp_path / "none.json").keys


def test_the_page_is_given_the_file_beside_the_catalog(client: TestClient, album: Album) -> None:
    assert client.get("/keys.json").json()["keys"]["pick"] == ["p"]
    _own(album.path.parent, {"pick": ["g"]})
    answer = client.get("/keys.json").json()
    assert answer == {"keys": answer["keys"], "problem": None}
    assert answer["keys"]["pick"] == ["g"]


def test_the_help_names_every_action(client: TestClient) -> None:
    page = client.get("/").text
    for action in client.get("/keys.json").json()["keys"]:
        assert f'data-action="{action}"' in page
    assert templates().get_template("keys_help.html") is not None


def test_a_line_that_cannot_be_used_is_left_out_alone(tmp_path: Path) -> None:
    read = read_keys(_own(tmp_path, {"dance": ["d"], "pick": ["g"], "reject": "r"}))
    assert read.problem is not None
    assert "dance" in read.problem
    assert read.keys["pick"] == ("g",)
    assert read.keys["reject"] == ("x",)
    assert "dance" not in read.keys
