"""The client of a service."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Self

from goodside.client.connection import Connection
from goodside.client.remote_errors import error_of
from goodside.client.results import (
    RemoteFaces,
    RemotePhoto,
    RemoteTurned,
    ScanProgress,
    assessment_of,
    faces_of,
    photo_of,
    progress_of,
    turned_of,
)
from goodside.errors import GoodsideError, UnreadableImage
from goodside.os_errors import explain
from goodside.types import Assessment, Json

Source = str | Path | bytes

_MOST_FILES = 32
_BINARY = {"Content-Type": "application/octet-stream"}
_RESULT = "X-Goodside-Result"


class Client:
    """Asks a running `goodside serve`; threads may share it. Use it as a context manager.

    Args:
        url: of the service, such as `http://127.0.0.1:8765`.
        token: the one in the link that it prints, or of its `--token-file`.
        timeout_s: how long an answer may take, in seconds.
        retries: how often a request is sent again that finds the service busy, when it says.

    Raises:
        ServiceError: the address is none.
    """

    def __init__(
        self, url: str, *, token: str | None = None, timeout_s: float = 120.0, retries: int = 3
    ) -> None:
        self._connection = Connection(url, token=token, timeout_s=timeout_s, retries=retries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def assess(self, source: Source, *, model: str | None = None) -> Assessment:
        """Judge a photograph.

        Args:
            source: a file, or a file's bytes.
            model: name of the weights.

        Raises:
            ImageError: it cannot be read or is no picture.
            OutOfRange: there are no such weights.
            ServiceError: the service cannot be reached, or refuses.
        """
        data, about = _read(source)
        record = self._connection.ask_json(
            "POST", "/v1/assess", content=data, headers=_BINARY, params=_given(model=model),
            about=about,
        )  # fmt: skip
        return assessment_of(record, path=about)

    def assess_each(
        self, sources: Iterable[Source], *, model: str | None = None, batch: int = 16
    ) -> Iterator[Assessment | GoodsideError]:
        """Judge any number of photographs, in their order, `batch` (1-32) a request.

        Yields:
            The assessment, or the error that explains why there is none.

        Raises:
            OutOfRange: there are no such weights.
            ServiceError: the service cannot be reached, or refuses.
        """
        left = iter(sources)
        while some := list(islice(left, max(1, min(batch, _MOST_FILES)))):
            yield from self._assess_some(some, model=model)

    def faces(self, source: Source) -> RemoteFaces:
        """Find the faces in a photograph; errors as of `assess`."""
        data, about = _read(source)
        record = self._connection.ask_json(
            "POST", "/v1/faces", content=data, headers=_BINARY, about=about
        )
        return faces_of(record)

    def rotate(
        self,
        source: Source,
        yaw_deg: float,
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | None = None,
        size_px: int = 512,
        paste: bool = False,
        model: str | None = None,
        kind: Literal["jpeg", "png", "webp"] = "jpeg",
    ) -> RemoteTurned:
        """Show the face in a photograph at another angle.

        Args:
            source: a file, or a file's bytes.
            yaw_deg, pitch_deg, roll_deg, face, size_px: as for `goodside.rotate`.
            paste: put the face back into its photograph.
            model: name of the weights.
            kind: of the picture.

        Raises:
            ImageError: the photograph cannot be read.
            FaceError: there is no face in it, or there are several and none was chosen.
            OutOfRange: an angle is beyond what the weights were trained on.
            ServiceError: the service cannot be reached, or refuses.
        """
        data, about = _read(source)
        params = _given(
            yaw=yaw_deg, pitch=pitch_deg, roll=roll_deg, face=face, size=size_px,
            paste=str(paste).lower(), model=model, format=kind,
        )  # fmt: skip
        answer = self._connection.ask(
            "POST", "/v1/rotate", content=data, headers=_BINARY, params=params, about=about
        )
        return turned_of(
            json.loads(answer.headers[_RESULT]),
            picture=answer.content,
            media_type=answer.headers["content-type"],
        )

    def photos(self, *, page: int = 200, **query: Any) -> Iterator[RemotePhoto]:
        """The photographs of the album that fit, as they are needed.

        Args:
            page: how many are asked for at once, 1-500.
            query: what the gallery's addresses take: `q`, `tag`, `person`, `folder`, `since`,
                `until`, `camera`, `flag`, `stars`, `score`, `technical`, `sort`, `order`.

        Raises:
            ServiceError: the service cannot be reached, or refuses.
        """
        params = _given(limit=page, **query)
        while True:
            found = self._connection.ask_json("GET", "/v1/photos", params=params)
            yield from map(photo_of, found["photos"])
            if found["next"] is None:
                return
            params = params | {"cursor": found["next"]}

    def photo(self, photo_id: int) -> Json:
        """All that is known of one photograph, as the API has it."""
        return self._json("GET", f"/v1/photos/{photo_id}")

    def people(self) -> Iterator[Json]:
        """Everybody in the album, as the API has them."""
        return self._pages("/v1/people", "people")

    def groups(self, kind: str | None = None) -> Iterator[Json]:
        """Groups of photographs, as the API has them."""
        return self._pages("/v1/groups", "groups", kind=kind)

    def picks(self, n: int = 20, **query: Any) -> list[Json]:
        """The best photographs with the reasons; `query` as for `photos`."""
        found = self._connection.ask_json("GET", "/v1/picks", params=_given(n=n, **query))
        picks: list[Json] = found["picks"]
        return picks

    def picture(self, photo_id: int, *, side_px: int = 1600) -> bytes:
        """A photograph of the album as a JPEG without metadata."""
        return self._connection.ask(
            "GET", f"/pictures/{photo_id}", params={"side": side_px}
        ).content

    def original(self, photo_id: int) -> bytes:
        """A photograph's own file."""
        return self._connection.ask("GET", f"/originals/{photo_id}").content

    def flag(self, photos: Sequence[int], flag: Literal["pick", "reject"] | None) -> Json:
        """Pick or reject photographs, or take that back; the answer says what was done."""
        return self._decide("/v1/decisions/flag", photos=list(photos), flag=flag)

    def rate(self, photos: Sequence[int], stars: int | None) -> Json:
        """Give photographs 0 to 5 stars, or none."""
        return self._decide("/v1/decisions/rating", photos=list(photos), stars=stars)

    def tag(
        self, photos: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Json:
        """Add tags to photographs and take tags away."""
        return self._decide(
            "/v1/decisions/tags", photos=list(photos), add=list(add), remove=list(remove)
        )

    def name_person(self, key: str, name: str) -> Json:
        """Call somebody by a name."""
        return self._decide(f"/v1/people/{key}/name", name=name)

    def merge_people(self, key: str, *, into: str) -> Json:
        """Somebody is the same human as another."""
        return self._decide(f"/v1/people/{key}/merge", into=into)

    def undo(self, count: int = 1) -> Json:
        """Take back the newest actions."""
        return self._decide("/v1/journal/undo", count=count)

    def scan(self, folders: Sequence[str | Path] = (), **options: Any) -> ScanProgress:
        """Begin a scan; `follow` tells how it goes.

        Args:
            folders: on the service's computer; by default all that are known.
            options: `exclude`, `faces`, `retry`.

        Raises:
            OutOfRange: a folder is none, or may not be chosen.
            ServiceBusy: another scan is at work.
            ServiceError: the service cannot be reached, or refuses.
        """
        body = {"folders": [os.fspath(folder) for folder in folders], **options}
        return progress_of(self._connection.ask_json("POST", "/v1/album/scans", json=body))

    def follow(self, scan: ScanProgress | int) -> Iterator[ScanProgress]:
        """How a scan goes, as it goes, to its end."""
        number = scan.id if isinstance(scan, ScanProgress) else scan
        event = ""
        with self._connection.lines(f"/v1/album/scans/{number}/events") as lines:
            for line in lines:
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event in ("progress", "done"):
                    yield progress_of(json.loads(value))

    def _assess_some(
        self, sources: Sequence[Source], *, model: str | None
    ) -> Iterator[Assessment | GoodsideError]:
        read: list[tuple[bytes, str | None] | GoodsideError] = []
        for source in sources:
            try:
                read.append(_read(source))
            except UnreadableImage as error:
                read.append(error)
        sent = [one for one in read if not isinstance(one, GoodsideError)]
        results: Iterator[Json] = iter(())
        if sent:
            files = [("files", (f"{n}", data)) for n, (data, _) in enumerate(sent)]
            answer = self._connection.ask_json(
                "POST", "/v1/assess", files=files, params=_given(model=model)
            )
            results = iter(answer["results"])
        for one in read:
            if isinstance(one, GoodsideError):
                yield one
                continue
            entry, about = next(results), one[1]
            problem = entry.get("problem")
            if problem is not None:
                yield error_of(problem, status=int(problem["status"]), path=about)
            else:
                yield assessment_of(entry["result"], path=about)

    def _pages(self, path: str, name: str, **query: Any) -> Iterator[Json]:
        params = _given(**query)
        while True:
            found = self._connection.ask_json("GET", path, params=params)
            yield from found[name]
            if found["next"] is None:
                return
            params = params | {"offset": found["next"]}

    def _json(self, method: str, path: str, **request: Any) -> Json:
        found: Json = self._connection.ask_json(method, path, **request)
        return found

    def _decide(self, path: str, **body: Any) -> Json:
        return self._json("POST", path, json=body)


def _read(source: Source) -> tuple[bytes, str | None]:
    """The bytes of a photograph, and its path."""
    if isinstance(source, bytes):
        return source, None
    try:
        return Path(source).read_bytes(), str(source)
    except OSError as error:
        explained = explain(error, source)
        raise UnreadableImage(explained.reason, path=source, remedy=explained.remedy) from error


def _given(**params: Any) -> dict[str, Any]:
    """Those that were given."""
    return {name: value for name, value in params.items() if value is not None}
