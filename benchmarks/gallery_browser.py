"""How quickly the gallery of a large album feels, in a real Chromium before a real service.

    python -m benchmarks.made_catalog made.db --photos 100000
    python -m benchmarks.gallery_browser made.db --out benchmarks/results

For a quiet machine with Chromium. The catalog is worked on in a copy. Times are taken in the page,
from the event on, and so without the time that driving a browser takes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.web.browser.running_gallery import RunningGallery

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_LOADS, _KEYS, _CHANGES = 7, 60, 9
_SCROLLS: tuple[tuple[str, list[int], str], ...] = (
    # milliseconds, and px a second; 0: so fast that all of it goes by
    ("the whole album is scrolled by in 5 s", [5000, 0], ""),
    ("2,500 photographs are flung by at 6,000 px a second", [12_000, 6000], "< 200 ms"),
)
_GIVEN_UP_MS = 5000

_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
_SCROLL = """([duration, speed]) => new Promise((resolve) => {
  const box = document.getElementById("grid").getBoundingClientRect();
  const tiles = () => [0.2, 0.5, 0.8].map((down) => document
    .elementsFromPoint(box.left + box.width / 2, 90 + (innerHeight - 90) * down)
    .find((one) => one.closest(".tile, .section")));
  const shown = (one) => !one.closest(".tile") || [...one.closest(".tile").querySelectorAll("img")]
    .some((image) => image.complete && image.naturalWidth);
  const last = document.documentElement.scrollHeight - innerHeight;
  const started = performance.now();
  const since = { place: null, picture: null }, longest = { place: 0, picture: 0 };
  const note = (kind, is, now) => {
    if (is) since[kind] = null;
    else { since[kind] ??= now; longest[kind] = Math.max(longest[kind], now - since[kind]); }
  };
  let frames = 0;
  const step = (now) => {
    frames += 1;
    const seen = tiles();
    note("place", seen.every(Boolean), now);
    note("picture", seen.some((one) => one && shown(one)), now);
    const share = (now - started) / duration;
    const y = speed ? Math.min(last, speed * (now - started) / 1000) : share * last;
    if (share >= 1) resolve([longest.place, longest.picture, 1000 * frames / duration]);
    else { scrollTo(0, y); requestAnimationFrame(step); }
  };
  requestAnimationFrame(step);
})"""
_LISTEN = """() => {
  window.taken = [];
  const viewer = document.getElementById("viewer");
  addEventListener("keydown", () => {
    const began = performance.now();
    const before = viewer.dataset.id;
    const look = () => {
      const { id } = viewer.dataset;
      const shown = [...viewer.querySelectorAll("#photo-layer img")].some((image) =>
        image.complete && image.naturalWidth && image.src.endsWith("/" + id)
        || image.complete && image.naturalWidth && image.src.includes(`/${id}?`));
      if (id !== before && shown) window.taken.push(performance.now() - began);
      else if (performance.now() - began < 5000) requestAnimationFrame(look);
      else window.taken.push(5000);
    };
    requestAnimationFrame(look);
  }, { capture: true });
}"""
_CHANGE = """() => new Promise((resolve) => {
  const grid = document.getElementById("grid"), select = document.getElementById("sort");
  const first = () => grid.querySelector(".tile")?.dataset.id;
  const before = first(), address = grid.dataset.address, began = performance.now();
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const look = () => {
    const took = performance.now() - began;
    const changed = first() && (first() !== before || grid.dataset.address !== address);
    if (changed || took > 5000) resolve(took);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def measure(catalog: Path, *, chromium: str) -> list[tuple[str, str, str]]:
    """What was measured: its name, the figure, and what is wanted."""
    with TemporaryDirectory() as home:
        own = Path(shutil.copy(catalog, Path(home) / "made.db"))
        with RunningGallery(own, home=Path(home)) as gallery, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(gallery.link)
            rows = [
                _first_paint(page, gallery.origin),
                _keys(page, gallery.origin),
                *_scrolling(page, gallery.origin),
                _sorting(page, gallery.origin),
                ("memory of the service", f"{gallery.resident_megabytes:.0f} MB", "< 700 MB"),
            ]
            browser.close()
    return rows


def _first_paint(page: Page, origin: str) -> tuple[str, str, str]:
    taken = []
    for _ in range(_LOADS):
        page.goto(origin)
        page.wait_for_timeout(1500)
        taken.append(page.evaluate(_FIRST_PAINT))
    return (
        "first contentful paint",
        f"{np.median(taken):.0f} ms, at most {max(taken):.0f}",
        "< 1 s",
    )


def _keys(page: Page, origin: str) -> tuple[str, str, str]:
    page.goto(origin)
    page.locator("#grid .tile a").first.click()
    page.locator("#viewer-name").wait_for()
    page.wait_for_timeout(2000)
    page.evaluate(_LISTEN)
    for _ in range(_KEYS):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)
    page.wait_for_timeout(1000)
    taken = page.evaluate("() => window.taken")
    figure = f"{np.median(taken):.0f} ms, p95 {np.percentile(taken, 95):.0f} ms of {len(taken)}"
    return ("key press to changed picture", figure, "p95 < 100 ms")


def _scrolling(page: Page, origin: str) -> list[tuple[str, str, str]]:
    rows = []
    for name, how, wanted in _SCROLLS:
        page.goto(origin)
        page.wait_for_timeout(2000)
        blank_ms, bare_ms, frames_s = page.evaluate(_SCROLL, how)
        rows += [
            (f"blank while {name}", f"{blank_ms:.0f} ms", "< 200 ms"),
            ("without any picture meanwhile", f"{bare_ms:.0f} ms", wanted),
            ("frames meanwhile", f"{frames_s:.0f} a second", ""),
        ]
    return rows


def _sorting(page: Page, origin: str) -> tuple[str, str, str]:
    page.goto(origin)
    page.wait_for_timeout(2000)
    taken = []
    for _ in range(_CHANGES):
        taken.append(page.evaluate(_CHANGE))
        page.wait_for_timeout(1000)
    seen = [one for one in taken if one < _GIVEN_UP_MS]  # two orders may begin with the same one
    return ("another order", f"{np.median(seen):.0f} ms, at most {max(seen):.0f}", "< 300 ms")


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = ["| what | measured | wanted |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("--out", type=Path, help="A folder; by default only shown.")
    arguments = parser.parse_args()
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        sys.exit("Chromium is needed (Debian: apt-get install chromium)")
    table = _table(measure(arguments.catalog, chromium=found))
    print(table, end="")
    if arguments.out is not None:
        name = f"{date.today():%Y-%m-%d}-gallery-browser.md"
        (arguments.out / name).write_text(
            f"# The gallery in a browser\n\n{table}", encoding="utf-8"
        )
