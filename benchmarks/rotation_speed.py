"""Time of turning a face on one thread: the whole turn, its network, the plain warp, and the limit.

    python -m benchmarks.rotation_speed --faces DIR --rounds 20

The limit is one float32 matrix product with as many multiply-adds as the network's convolutions, on
the same thread. Every round runs everything once in turn, so that whatever else the machine does
falls on all alike. What is done once for all turns of a photograph (matte, layers, the backdrop at
the size of the result) is in the first turn alone, which is a row of its own; finding the face is
left out. Needs onnx, to count; run it while nothing else runs.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy, whose product the limit is
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import onnx

from benchmarks.rotation_batches import median_ms, network_runner
from goodside.images import find_photos, read_photo
from goodside.rotation import Rotator
from goodside.rotation.generator.painter import OVERSAMPLE
from goodside.rotation.request import asked_pose
from goodside.rotation.subject import prepare_subject
from goodside.runtime import WeightsStore

_INNER = 1024  # of the limit's matrices: large enough for the product's full speed


def main() -> None:
    """Parse the command line, time, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, required=True, help="folder of portraits")
    parser.add_argument("--model", default="rotation-mesh", help="name of the weights")
    parser.add_argument("--yaw", type=float, default=45.0, help="degrees to turn to")
    parser.add_argument("--size", type=int, default=256, help="side of the results")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    count = multiply_adds(WeightsStore().path(options.model))
    photo = next(find_photos([options.faces]))
    runs = {
        "the limit": product_runner(count),
        "the network": network_runner(options.model, 1),
        **turn_runners(options.model, photo, yaw_deg=options.yaw, size_px=options.size),
    }
    times = dict(zip(runs, median_ms(list(runs.values()), rounds=options.rounds), strict=True))
    gflop = 2 * count / 1e9
    print(f"{platform.machine()}, one thread, {options.rounds} rounds in turn; {options.model}:")
    print(f"{gflop:.2f} GFLOP, the limit at {1000 * gflop / times['the limit']:.0f} GFLOP/s\n")
    print("| | ms | times the limit |\n|---|--:|--:|")
    for name, spent in times.items():
        print(f"| {name} | {spent:.1f} | {spent / times['the limit']:.2f} |")


def multiply_adds(network: Path) -> int:
    """Those of a network's convolutions for one picture: outputs times weights an output."""
    model = onnx.load(network)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    graph = onnx.shape_inference.infer_shapes(model).graph
    shapes = {one.name: list(one.dims) for one in graph.initializer}
    for node in graph.node:  # quantised weights pass through a node of their own
        if node.op_type == "DequantizeLinear" and node.input[0] in shapes:
            shapes[node.output[0]] = shapes[node.input[0]]
    for value in (*graph.value_info, *graph.output):
        shapes.setdefault(value.name, [dim.dim_value for dim in value.type.tensor_type.shape.dim])
    return sum(
        int(np.prod(shapes[node.output[0]])) * int(np.prod(shapes[node.input[1]][1:]))
        for node in graph.node
        if node.op_type == "Conv"
    )


def product_runner(count: int) -> Callable[[], object]:
    """A float32 matrix product of so many multiply-adds."""
    rng = np.random.default_rng(0)
    one = rng.standard_normal((round(count / _INNER**2), _INNER), np.float32)
    other = rng.standard_normal((_INNER, _INNER), np.float32)
    return lambda: one @ other


def turn_runners(
    model: str, path: Path, *, yaw_deg: float, size_px: int
) -> dict[str, Callable[[], object]]:
    """A photograph's first turn, any other turn of it, and the plain warp."""
    rotator = Rotator(model=model)
    rgb, subject = read_photo(path).rgb, rotator.prepare(path, size_px=size_px)
    pose = asked_pose(yaw_deg, source=subject.face.pose)
    framed = subject.framed([pose])

    def first_turn() -> object:
        prepared = prepare_subject(
            rgb,
            subject.face,
            matting=rotator.matting,
            embedding=subject.embedding,
            portrait_px=size_px * OVERSAMPLE,
        )
        return rotator.paint(prepared.framed([pose]), [pose], size_px=size_px)

    return {
        "the first turn of a photograph": first_turn,
        "a whole turn": lambda: rotator.paint(framed, [pose], size_px=size_px),
        "the plain warp": lambda: rotator.warp(framed, pose, size_px=size_px),
    }


if __name__ == "__main__":
    main()
