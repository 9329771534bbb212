"""Paints turned portraits: draft, signal, generator and blend, for several turns at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from goodside.errors import WeightsError
from goodside.face import five_points
from goodside.images import resize
from goodside.rotation.generator.blend import blend, enlarged, sharpened, to_bytes
from goodside.rotation.generator.signal import build_signal
from goodside.rotation.generator.templates import FILENAME, Templates, read_templates
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.layers import Draft, Layers, draft
from goodside.rotation.geometry.raster import sample
from goodside.rotation.geometry.warp import Turn, Warp, soften_tears, turn_to, warp_to
from goodside.rotation.request import settled_pose, turn_deg
from goodside.rotation.subject import Sitter
from goodside.runtime import WeightsStore, open_session
from goodside.types import FloatArray, Pose, RgbImage

OVERSAMPLE = 2
"""The portrait that a turn reads is this much larger than the result."""

Order = tuple[Sitter, Pose]


class Painter:
    """Shows sitters in poses; knows no files and measures nothing.

    Args:
        model: name of the generator's weights.
        store: weights.
        threads: ONNX Runtime threads.

    Raises:
        WeightsError: there are no such weights, or they are for another task.
    """

    def __init__(self, model: str, *, store: WeightsStore, threads: int) -> None:
        self._store = store
        self._session = open_session(model, store=store, threads=threads)
        self._templates: Templates | None = None
        self.card = self._session.card
        if self.card.task != "rotation":
            raise WeightsError(
                f"{model} turns no faces: its task is {self.card.task}",
                remedy="name weights of the task rotation; `goodside model` lists them",
            )

    @property
    def templates(self) -> Templates:
        """The target face images, one an angle."""
        if self._templates is None:
            self._templates = read_templates(self._store.data(FILENAME))
        return self._templates

    def paint(self, turns: Sequence[Order], *, size_px: int) -> list[RgbImage]:
        """Pictures of turns that go through the network at once: (S, S, 3) uint8 portraits."""
        network_px = self.card.preprocessing.width_px
        turns = [(sitter, settled_pose(pose, source=sitter.head.pose)) for sitter, pose in turns]
        mesh = self.card.facts["recipe"] == "mesh"
        plans = [turn_to(sitter.head, pose) if mesh else None for sitter, pose in turns]
        drafts = [
            draft(_layers(sitter, size_px=network_px), plan.plan(size_px=network_px))
            if plan
            else None
            for (sitter, _), plan in zip(turns, plans, strict=True)
        ]
        signals = [
            self._signal(*turn, plan=plan, drafted=drafted)
            for turn, plan, drafted in zip(turns, plans, drafts, strict=True)
        ]
        made = self._session.run({"signal": np.stack(signals)})
        pictures = []
        for (sitter, pose), plan, drafted, painted, trust in zip(
            turns, plans, drafts, (made["painted"] + 1) * 127.5, made["trust"], strict=True
        ):
            window = sitter.window
            if pose == sitter.head.pose:
                pictures.append(sitter.picture(size_px=size_px))
            elif plan is None or drafted is None:
                pictures.append(enlarged(painted, size_px=size_px, window=window))
            else:
                fine = plan.plan(size_px=size_px, window=window)
                picture = blend(
                    draft(_layers(sitter, size_px=size_px), fine, window=window),
                    change=painted - drafted.mended.transpose(2, 0, 1),
                    trust=trust,
                    turn_deg=turn_deg(sitter.head.pose, pose),
                    window=window,
                    lent=fine.lent,
                )
                pictures.append(sharpened(picture, stretch=fine.stretch))
        return pictures

    def _signal(
        self, sitter: Sitter, pose: Pose, *, plan: Turn | None, drafted: Draft | None
    ) -> FloatArray:
        return build_signal(
            sitter.portrait,
            size_px=self.card.preprocessing.width_px,
            source_points=to_shares(sitter.head.frame, sitter.face.points),
            target_points=self._target_points(sitter, pose, plan=plan),
            draft=drafted,
        )

    def _target_points(self, sitter: Sitter, pose: Pose, *, plan: Turn | None) -> FloatArray:
        """(5, 2) landmarks of the target, as shares of the frame: as the weights were trained."""
        if self.card.facts.get("target") == "mesh":
            turned = turn_to(sitter.head, pose) if plan is None else plan
            return five_points(turned.shown[: len(sitter.head.points), :2])
        target = self.templates.at(pose.yaw_deg, pitch_deg=pose.pitch_deg, roll_deg=pose.roll_deg)
        return target.points


def warped_alone(sitter: Sitter, pose: Pose, *, size_px: int) -> RgbImage:
    """(S, S, 3) uint8 the plain alternative: the portrait turned by its mesh, backdrop and all."""
    pose = settled_pose(pose, source=sitter.head.pose)
    plan, read = plain_turn(sitter, pose, size_px=size_px)
    return sharpened(to_bytes(read(plan.where)), stretch=plan.stretch)


def plain_turn(
    sitter: Sitter, pose: Pose, *, size_px: int
) -> tuple[Warp, Callable[[FloatArray], FloatArray]]:
    """The plan of a turn by the mesh alone, and what reads the portrait at its places.

    The reader takes (S, S, 2) places and gives (S, S, 3) float32 colours, 0-255.
    """
    plan = warp_to(sitter.head.widest(), pose, size_px=size_px, window=sitter.window)
    side = size_px * OVERSAMPLE
    portrait = resize(sitter.portrait, width_px=side, height_px=side, kernel="box")
    return plan, lambda where: soften_tears(sample(portrait, where), where=where)


def _layers(sitter: Sitter, *, size_px: int) -> Layers:
    """A sitter's layers at the size from which a turn to `size_px` reads them without aliasing."""
    return sitter.layers.sized(size_px * OVERSAMPLE)
