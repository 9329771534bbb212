"""A page that is watched: what goes wrong in it fails the test that opened it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

Scheme = Literal["light", "dark"]

SIZES = {"desk": (1280, 800), "phone": (360, 740), "wide": (3840, 2160)}
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportProblem(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
_RUN_AXE = """
(rules) => axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag", values: rules}})
"""


@dataclass
class Watch:
    """What went wrong in the pages of one browser context.

    Attributes:
        origin: of the service; nothing else may be asked.
        problems: console errors, exceptions, breaches of the policy, requests to elsewhere, and
            answers that the service should not give.
        allowed: patterns of problems that a test provokes.
    """

    origin: str
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note(f"exception: {error.error}"))
        context.on("request", self._see_request)
        context.on("response", self._see_response)
        context.expose_function("reportProblem", self._note)
        context.add_init_script(_REPORT_CSP)

    def check(self) -> None:
        """Fail where anything went wrong that the test does not allow."""
        left = [one for one in self.problems if not any(re.search(p, one) for p in self.allowed)]
        assert not left, "\n".join(left)

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console: {message.text} ({message.location.get('url')})")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", "data:", "blob:", "about:")):
            self._note(f"request to elsewhere: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status}: {response.request.method} {response.url}")


def open_context(
    browser: Browser,
    origin: str,
    *,
    size: str = "desk",
    scheme: Scheme = "light",
    locale: str = "en-US",
) -> tuple[BrowserContext, Watch]:
    """A browser context as large and as light as asked, whose pages are watched."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=size == "phone",
        locale=locale,
        timezone_id="UTC",
        accept_downloads=True,
    )
    context.set_default_timeout(30_000)
    watch = Watch(origin)
    watch.attach(context)
    return context, watch


def settle(page: Page) -> None:
    """Wait until the pictures that one sees are there, and everything has its place."""
    page.wait_for_load_state()
    page.evaluate(
        """async () => {
          const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
          const late = new Promise((resolve) => setTimeout(resolve, 5000));
          const seen = [...document.images].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.bottom > 0 && box.top < window.innerHeight && box.width > 0;
          });
          const decoded = seen.map((one) => one.decode().catch(() => null));
          await Promise.race([late, Promise.all(decoded)]);
          await document.fonts.ready;
          await frame();
          await frame();
        }"""
    )


def violations(page: Page, rules: Sequence[str] = _RULES) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, a line an element."""
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(_RUN_AXE, list(rules))
    return [
        f"{page.url}: {one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """Elements that make the page wider than its window."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > width + 1)
            .map((one) => one.tagName + "." + one.className).slice(0, 5);
        }"""
    )
    return found


def shoot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture of the page below `GOODSIDE_SCREENSHOTS`, where that names a folder."""
    folder = os.environ.get("GOODSIDE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)
