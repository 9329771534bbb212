"""What the library words is said in the reader's language, which here is no language.

The album has bursts, people and files that could not be used; every kind of decision is taken.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.people import Evidence
from goodside.album.people.evidence import EvidenceSample, compare_methods
from goodside.errors import WeightsError
from goodside.web.app import create_app
from goodside.web.site import Site
from goodside.web.texts import Languages
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.gallery.pseudo_language import TAG, write_pseudo_catalog
from tests.web.gallery.test_every_text import check_view, untranslated


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the pseudo-language."""

    client: TestClient
    site: Site

    def decide(self, path: str, body: object) -> dict[str, object]:
        """Take a decision; the answer, whose message has no English in it."""
        answer = self.client.post(f"/v1/{path}", json=body)
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = answer.json()
        self.check(str(told["message"]))
        return told

    def check(self, text: str) -> None:
        """The text is translated, and nothing of it is English."""
        assert "⟦" in text
        assert untranslated(self.client, [text]) == set()


@pytest.fixture(scope="module")
def broken(scanned_people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of the album in which files failed in several ways."""
    home = tmp_path_factory.mktemp("broken")
    shutil.copy(scanned_people / "album.db", home / "album.db")
    bad = home / "bad"
    bad.mkdir()
    (bad / "empty.jpg").write_bytes(b"")
    (bad / "text.jpg").write_text("these are the holidays of 1996")
    (bad / "zip.jpg").write_bytes(b"PK\x03\x04" + bytes(200))
    Image.new("RGB", (64, 48), "green").save(bad / "whole.jpg")
    whole = (bad / "whole.jpg").read_bytes()
    (bad / "head.jpg").write_bytes(whole[:40])
    Image.effect_noise((400, 300), 90).convert("RGB").save(bad / "noise.jpg", quality=95)
    noise = (bad / "noise.jpg").read_bytes()
    (bad / "cut.jpg").write_bytes(noise[: len(noise) // 3])
    (bad / "half.jpg").write_bytes(noise[: len(noise) * 9 // 10])
    (bad / "raw.cr2").write_bytes(b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(300))
    (bad / "strip.png").write_bytes(_wide_png())
    Album(home / "album.db").scan([bad], workers=0)
    return home


@pytest.fixture
def reader(broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    write_pseudo_catalog(tmp_path / "locale")
    monkeypatch.setattr("goodside.web.app.Languages", lambda: Languages(tmp_path / "locale"))
    shutil.copy(broken / "album.db", tmp_path / "album.db")
    with Album(tmp_path / "album.db") as album, album.opened():
        app = create_app(album, options=OPTIONS)
        with TestClient(app, base_url=ORIGIN) as client:
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            client.headers["Accept-Language"] = TAG
            client.get("/v1/photos")
            yield Reader(client, app.state.site)
        app.state.site.pool.close()


def test_groups_people_and_picks(reader: Reader) -> None:
    groups = reader.site.index.stored_groups()
    assert groups
    for group in groups:
        found = check_view(reader.client, f"/groups/{group.kind}-{group.photo_ids[0]}")
        assert any("the best of" in text for text in found) or group.kind != "burst"
        check_view(reader.client, f"/groups?kind={group.kind}")
    for person in reader.site.index.people():
        check_view(reader.client, f"/people/{person.key}")
    assert any("⟦" in text for text in check_view(reader.client, "/picks?picks=50"))
    for photo_id in sorted({one for group in groups for one in group.photo_ids}):
        check_view(reader.client, f"/photos/{photo_id}")


def test_failures_with_the_values_in_them(reader: Reader) -> None:
    found = check_view(reader.client, "/errors")
    failed = [text for text in found if re.search(r"⟦.*⟦|⟦[^⟦]* [^⟦]*⟧ \(⟦", text)]
    assert len(failed) >= 4, found
    with reader.site.album.opened() as catalog, catalog.read() as session:
        from goodside.album.catalog import list_failures

        kept = [one.message for one in list_failures(session)]
    assert len(kept) >= 5
    assert not any("⟦" in message for message in kept), "the catalog keeps English"


def test_tags_and_attributes(reader: Reader) -> None:
    photo = next(iter(reader.site.index.photos(range(1, 40))))
    said = check_view(reader.client, f"/photos/{photo.photo.id}/explanation")
    assert "⟦technical quality⟧" in said
    assert any(text.startswith("⟦⟦") for text in said), "the sentence of all"
    panel = check_view(reader.client, "/")
    assert any(text.strip() in ("⟦animal⟧", "⟦plant⟧", "⟦portrait⟧") for text in panel)


def test_every_kind_of_decision(reader: Reader) -> None:
    client = reader.client
    burst = next(one for one in reader.site.index.stored_groups() if one.kind == "burst")
    first, second, *_ = burst.photo_ids
    ids = [shot.photo.id for shot in reader.site.index.photos(range(1, 20))][:5]
    for flag in ("pick", "reject", None):
        reader.decide("decisions/flag", {"photos": ids, "flag": flag})
    for stars in (1, 5, None):
        reader.decide("decisions/rating", {"photos": [first], "stars": stars})
    reader.decide("decisions/tags", {"photos": [first], "add": ["zz"]})
    reader.decide("decisions/best", {"photos": [first, second]})
    reader.decide("decisions/best", {"photos": [first, second], "chosen": False})
    reader.decide("decisions/separate", {"photos": [second]})
    people = [one for one in reader.site.index.people() if len(one.faces) > 1]
    one, other = people[:2]
    faces = [face.id for face in one.faces]
    reader.decide(f"people/{one.key}/name", {"name": "Zz"})
    reader.decide(f"people/{other.key}/hide", {"hidden": True})
    reader.decide(f"people/{other.key}/hide", {"hidden": False})
    reader.decide(f"people/{one.key}/confirm", {"faces": faces[:1]})
    reader.decide(f"people/{one.key}/split", {"faces": faces[:1]})
    reader.decide(f"people/{one.key}/not", {"faces": faces[1:2]})
    reader.decide(f"people/{other.key}/merge", {"into": one.key})
    reader.decide("faces/reject", {"faces": faces[:1]})
    reader.decide("journal/undo", {"count": 4})
    reader.decide("journal/redo", {"count": 4})
    found = check_view(client, "/journal")
    lines = [text for text in found if text.startswith("⟦")]
    for kind in ("pick", "reject", "neither", "rate", "tag", "keep", "separate", "name", "hide"):
        assert any(line.startswith(f"⟦{kind} ") for line in lines), kind
    for address in (f"/photos/{first}", "/picks", f"/groups/burst-{first}", "/people"):
        check_view(client, address)
    reader.decide(f"people/{one.key}/forget", {})
    check_view(client, "/journal")


@pytest.mark.parametrize("side_faces", [3, 40])
def test_evidence(reader: Reader, monkeypatch: pytest.MonkeyPatch, side_faces: int) -> None:
    monkeypatch.setattr(type(reader.site.album), "evidence", lambda _album: _evidence(side_faces))
    reader.client.post("/people/evidence")
    found = _wait_for_evidence(reader)
    assert any("⟦of ⟦" in text or "⟦Too few" in text for text in found)


def test_evidence_that_failed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_album: Album) -> Evidence:
        raise WeightsError("the weights are missing", remedy="reinstall goodside")

    monkeypatch.setattr(type(reader.site.album), "evidence", fail)
    reader.client.post("/people/evidence")
    assert any("⟦the weights are missing⟧" in text for text in _wait_for_evidence(reader))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/decisions/flag", {"photos": [999], "flag": "pick"}),
        ("POST", "/v1/decisions/separate", {"photos": [1]}),
        ("POST", "/v1/journal/undo", {"numbers": [999]}),
        ("POST", "/v1/people/ffffffffffff/name", {"name": "Zz"}),
        ("POST", "/v1/album/scans", {"folders": ["relative/zz"]}),
        ("GET", "/v1/photos/999", None),
        ("GET", "/v1/album/scans/999", None),
        ("GET", "/thumbnails/999", None),
    ],
)
def test_problems(reader: Reader, method: str, path: str, body: object) -> None:
    answer = reader.client.request(method, path, json=body)
    problem = answer.json()
    assert answer.status_code >= 400
    for part in ("title", "detail", "remedy"):
        if part in problem:
            reader.check(problem[part])
    english = reader.client.request(method, path, json=body, headers={"Accept-Language": "en"})
    assert "⟦" not in json.dumps(english.json(), ensure_ascii=False)
    assert english.json()["detail"] in re.sub("[⟦⟧]", "", problem["detail"])


def test_a_failure_of_a_scan_as_it_comes(reader: Reader, tmp_path: Path) -> None:
    from goodside.album.catalog import FailureRecord
    from goodside.web.api.album.scans import FailureItem
    from goodside.web.texts import Texts, _current

    with reader.site.album.opened() as catalog, catalog.read() as session:
        from goodside.album.catalog import list_failures

        failure: FailureRecord = list_failures(session)[0]
    texts: Texts = Languages(tmp_path / "locale").best([TAG])
    token = _current.set(texts)
    try:
        reader.check(FailureItem.of(failure).message)
    finally:
        _current.reset(token)


def _wait_for_evidence(reader: Reader) -> list[str]:
    for _ in range(200):
        job = reader.client.app.state.evidence_job  # type: ignore[attr-defined]
        if job.state != "running":
            break
    return check_view(reader.client, "/people/evidence")


def _evidence(side_faces: int) -> Evidence:
    import numpy as np

    rng = np.random.default_rng(3)
    samples = []
    for number in range(side_faces):
        own = np.eye(8, dtype=np.float32)[number % 2]
        vector = own + rng.normal(0, 0.01, 8).astype(np.float32)
        unit = vector / np.linalg.norm(vector)
        plain = np.eye(8, dtype=np.float32)[2 + number % 6]
        samples.append(EvidenceSample(f"p{number % 2}", 40.0, plain, unit, unit))
    return compare_methods(samples, turned=side_faces)


def _wide_png() -> bytes:
    """The head of a PNG that says it has 90,000 x 90,000 pixels."""
    import struct
    import zlib

    head = b"IHDR" + struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + bytes(64)
