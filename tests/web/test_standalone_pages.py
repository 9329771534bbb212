"""Pages without the gallery around them look alike: they differ in title and content alone."""

from __future__ import annotations

import re

from goodside.web.standalone_pages import login_page, problem_page, refusal_page

_PAGES = {
    "The link is needed": refusal_page(),
    "Password": login_page(wanted="/people", problem="This is not the password."),
    "Not <b>found</b>": problem_page("Not <b>found</b>", status=404, detail="gone", remedy="look"),
}


def test_they_share_one_head() -> None:
    heads = set()
    for title, page in _PAGES.items():
        text = bytes(page.body).decode()
        head, body = text.split("<body>")
        safe = title.replace("<", "&lt;").replace(">", "&gt;")
        assert f"<title>{safe} · goodside</title>" in head
        assert '<link rel="stylesheet" href="/static/standalone.css">' in head
        assert body.count("<h1>") == 1
        heads.add(re.sub("<title>.*</title>", "", head))
    assert len(heads) == 1


def test_each_says_what_it_is_for() -> None:
    refused, password, problem = (bytes(page.body).decode() for page in _PAGES.values())
    assert "Open the link that goodside serve printed" in refused
    assert '<input type="hidden" name="next" value="/people">' in password
    assert '<p id="problem" role="alert">This is not the password.</p>' in password
    assert "<h1>Not &lt;b&gt;found&lt;/b&gt;</h1>" in problem
    assert "<p>gone (look)</p>" in problem
