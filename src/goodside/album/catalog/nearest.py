"""The photographs that look most alike, by an index that a server keeps (HNSW).

An index is made for features of one length: as soon as there are some, and again where another
model gives others. Y. Malkov, D. Yashunin, "Efficient and robust approximate nearest neighbor
search using Hierarchical Navigable Small World graphs", 2018.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from goodside.types import FloatArray

_LONGEST = 4000
"""pgvector's limit on what an index of `halfvec` may hold."""

_LINKS, _BUILD_WIDTH = 16, 128
_SEARCH_WIDTH = 200


def find_nearest(
    session: Session, features: FloatArray, n: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]] | None:
    """Row numbers and cosines of the `n` nearest photographs, the nearest first.

    Returns:
        None where there is no index of features of this length.
    """
    length = len(features)
    connection = session.connection()
    if not has_index(connection, length):
        return None
    said = "[" + ",".join(repr(float(one)) for one in np.asarray(features, np.float16)) + "]"
    width = min(1000, max(_SEARCH_WIDTH, 2 * n))
    connection.exec_driver_sql(f"SET LOCAL hnsw.ef_search = {width}")
    distance = f"embedding::halfvec({length}) <#> '{said}'::halfvec({length})"
    rows = connection.exec_driver_sql(
        f"SELECT photo_id, -({distance}) FROM assessment "
        f"WHERE vector_dims(embedding) = {length} ORDER BY {distance} LIMIT {int(n)}"
    ).all()
    return (
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.float32),
    )


def has_index(connection: Connection, length: int) -> bool:
    """Whether there is an index of features of this length."""
    query = (
        "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        f"AND relname = '{_name(length)}'"
    )
    return connection.exec_driver_sql(query).first() is not None


def put_index(connection: Connection, length: int) -> None:
    """Make the index of features of a length; of many photographs it takes minutes.

    Args:
        connection: inside a transaction that may write.
        length: of the features; longer ones than 4,000 get none.
    """
    if length > _LONGEST:
        return
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS {_name(length)} ON assessment "
        f"USING hnsw ((embedding::halfvec({length})) halfvec_ip_ops) "
        f"WITH (m = {_LINKS}, ef_construction = {_BUILD_WIDTH}) "
        f"WHERE vector_dims(embedding) = {length}"
    )


def _name(length: int) -> str:
    return f"ix_assessment_embedding_{length}"
