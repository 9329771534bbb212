"""For the tests of the album: catalogs that open quickly."""

from __future__ import annotations

from tests.shared_statements import share_statements

share_statements()
