"""Everything of others that is shipped says whose it is and what it allows."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from goodside.album.report import read_credits
from goodside.runtime import WeightsStore

_ROOT = Path(__file__).resolve().parents[1]
_EXAMPLES = _ROOT / "examples"
_PICTURES = sorted(
    path for path in _EXAMPLES.rglob("*") if path.is_file() and path.name != "CREDITS.md"
)
_STORE = WeightsStore()
_NETWORKS = sorted(_STORE.folder.glob("*.onnx"))


def _notice() -> str:
    return " ".join((_ROOT / "NOTICE").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("picture", _PICTURES, ids=lambda path: path.name)
def test_every_example_has_author_and_licence(picture: Path) -> None:
    text = (_EXAMPLES / "CREDITS.md").read_text(encoding="utf-8")
    folder = picture.parent.relative_to(_EXAMPLES).as_posix()
    section = re.search(rf"^## `{re.escape(folder)}/`$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert section is not None, f"no section for {folder}/"
    assert f"| `{picture.name}` |" in section[1]
    credit = read_credits(_EXAMPLES / "CREDITS.md")[picture.name]
    assert credit.author
    assert credit.licence


def test_every_credit_is_of_a_file_that_is_there() -> None:
    named = set(read_credits(_EXAMPLES / "CREDITS.md"))
    assert named == {path.name for path in _PICTURES}


@pytest.mark.parametrize("network", _NETWORKS, ids=lambda path: path.stem)
def test_every_network_has_its_card_and_a_place_in_the_notice(network: Path) -> None:
    card = _STORE.card(network.stem)
    assert card.name == network.stem
    assert card.sha256 == hashlib.sha256(network.read_bytes()).hexdigest()
    assert card.size_bytes == network.stat().st_size
    for told in (card.license, card.terms, card.source, card.data):
        assert told.strip()
    assert card.name in _notice()


def test_every_card_has_its_network() -> None:
    assert _STORE.names() == sorted(network.stem for network in _NETWORKS)


def test_the_weights_include_all_that_the_engines_need() -> None:
    needed = {"aesthetics-lite0", "aesthetics-free", "rotation-mesh", "face-blazeface",
              "face-blazeface-full", "face-mesh", "face-mobilefacenet", "person-matte"}  # fmt: skip
    assert needed <= {network.stem for network in _NETWORKS}
    assert _STORE.data("canonical_mesh.npz").stat().st_size > 0
    assert _STORE.data("rotation-templates.npz").stat().st_size > 0


@pytest.mark.parametrize("name", ["canonical_mesh", "rotation-templates", "eye_template"])
def test_data_files_stand_in_the_notice(name: str) -> None:
    assert name in _notice()


def test_every_script_of_others_has_its_licence_and_a_place_in_the_notice() -> None:
    vendor = _ROOT / "src" / "goodside" / "web" / "static" / "vendor"
    scripts = {path.name.split(".")[0] for path in vendor.glob("*.js")}
    assert scripts
    assert scripts == {path.stem for path in vendor.glob("*.LICENSE")}
    for script in scripts:
        assert f"{script} from npm" in _notice()
