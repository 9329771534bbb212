"""Lay PARA's validation rows out as a folder of photographs and a table of ratings.

    python -m benchmarks.para_table --data PARA --out DIR

DIR then holds the pictures and `labels.csv`, as `goodside evaluate aesthetics` reads them.
"""

from __future__ import annotations

import argparse
import csv
import tarfile
from pathlib import Path

from goodside_train.aesthetics.datasets.para_shards import is_validation


def main() -> None:
    """Parse the command line, write table and pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of PARA")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = write_table(options.data / "labels.csv", options.out / "labels.csv")
    for shard in sorted(options.data.glob("images-*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                name, stream = Path(member.name).name, archive.extractfile(member)
                if name in names and stream is not None:
                    (options.out / name).write_bytes(stream.read())
    print(options.out, len(names))


def write_table(source: Path, target: Path) -> set[str]:
    """Write PARA's validation rows under the headings that goodside knows; return their names."""
    with source.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    votes = [heading for heading in rows[0] if heading.startswith("votes_")]
    kept = [row for row in rows if is_validation(row["image"], split=row["split"])]
    with target.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("image", "score", "semantic", *votes))
        for row in kept:
            labels = (row["image"], row["aesthetic_mean"], row["semantic"])
            writer.writerow((*labels, *(row[heading] for heading in votes)))
    return {row["image"] for row in kept}


if __name__ == "__main__":
    main()
