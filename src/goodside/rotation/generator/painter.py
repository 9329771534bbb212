"""Paints turned portraits: draft, signal, generator and blend, for several turns at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from goodside.errors import WeightsError
from goodside.face import five_points
from goodside.images import resize
from goodside.rotation.generator.blend import blend, enlarged, sharpened, to_bytes
from goodside.rotation.generator.signal import build_signal
from goodside.rotation.generator.templates import FILENAME, Templates, read_templates
from goodside.rotation.geometry.flow_turn import read_flow, turn_by_flow
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.layers import Draft, Layers, draft
from goodside.rotation.geometry.raster import sample
from goodside.rotation.geometry.warp import Turn, Warp, soften_tears, turn_to, warp_to
from goodside.rotation.request import settled_pose, turn_deg
from goodside.rotation.subject import Subject
from goodside.runtime import WeightsStore, open_session
from goodside.types import FloatArray, Pose, RgbImage

OVERSAMPLE = 2
"""The portrait that a turn reads is this much larger than the result."""

RequestedTurn = tuple[Subject, Pose]
"""Whom to show, and the pose that was asked for."""


Variant = Literal["network", "draft", "unposed"]
"""What makes the picture: all of it; the mended draft alone, the network left out; or the network
with all pose images black, which tells what those do."""

_POSE_FROM = 3  # the first channel of a signal's pose images


class Painter:
    """Shows subjects in poses; knows no files and measures nothing.

    Args:
        model: name of the generator's weights.
        store: weights.
        threads: ONNX Runtime threads.

    Raises:
        WeightsError: there are no such weights, or they are for another task.
    """

    def __init__(self, model: str, *, store: WeightsStore, threads: int) -> None:
        self._store = store
        self._session = open_session(model, store=store, threads=threads, frees_memory=True)
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

    @property
    def drafts(self) -> bool:
        """Whether the weights go on from a draft by the photograph's own mesh."""
        return bool(self.card.facts["recipe"] == "mesh")

    @property
    def follows_flow(self) -> bool:
        """Whether the weights say where the photograph shows each place, and paint nothing."""
        return bool(self.card.facts["recipe"] == "flow")

    def paint(
        self, turns: Sequence[RequestedTurn], *, size_px: int, variant: Variant = "network"
    ) -> list[RgbImage]:
        """Pictures of turns that go through the network at once: (S, S, 3) uint8 portraits.

        Raises:
            ValueError: `variant` is `draft`, and the weights have none.
        """
        if variant == "draft" and not self.drafts:
            raise ValueError(f"{self.card.name} has no draft")
        network_px = self.card.preprocessing.width_px
        turns = [(subject, settled_pose(pose, source=subject.head.pose)) for subject, pose in turns]
        if self.follows_flow:
            return self._paint_by_flow(turns, size_px=size_px, variant=variant)
        plans = [turn_to(subject.head, pose) if self.drafts else None for subject, pose in turns]
        drafts = [
            draft(_layers(subject, size_px=network_px), plan.plan(size_px=network_px))
            if plan
            else None
            for (subject, _), plan in zip(turns, plans, strict=True)
        ]
        signals = [
            self._signal(*turn, plan=plan, drafted=drafted)
            for turn, plan, drafted in zip(turns, plans, drafts, strict=True)
        ]
        pictures = []
        for (subject, pose), plan, drafted, (painted, trust) in zip(
            turns, plans, drafts, self._made(signals, drafts, variant=variant), strict=True
        ):
            window = subject.window
            if pose == subject.head.pose:
                pictures.append(subject.picture(size_px=size_px))
            elif plan is None or drafted is None:
                pictures.append(enlarged(painted, size_px=size_px, window=window))
            else:
                fine = plan.plan(size_px=size_px, window=window)
                picture = blend(
                    draft(_layers(subject, size_px=size_px), fine, window=window),
                    change=painted - drafted.mended.transpose(2, 0, 1),
                    trust=trust,
                    turn_deg=turn_deg(subject.head.pose, pose),
                    window=window,
                    hair_fill=fine.hair_fill,
                )
                pictures.append(sharpened(picture, stretch=fine.stretch))
        return pictures

    def _paint_by_flow(
        self, turns: Sequence[RequestedTurn], *, size_px: int, variant: Variant
    ) -> list[RgbImage]:
        """`paint` where the head's mesh follows the network's flow, and is told no angle."""
        signals = [self._signal(*turn, plan=None, drafted=None) for turn in turns]
        made = self._run(signals, variant=variant)
        pictures = []
        for (subject, pose), flow, shares in zip(turns, made["flow"], made["shares"], strict=True):
            if pose == subject.head.pose:
                pictures.append(subject.picture(size_px=size_px))
                continue
            turn = turn_by_flow(subject.head, read_flow(flow, shares))
            plan = turn.plan(size_px=size_px, window=subject.window)
            drafted = draft(_layers(subject, size_px=size_px), plan, window=subject.window)
            pictures.append(sharpened(to_bytes(drafted.mended), stretch=plan.stretch))
        return pictures

    def _made(
        self, signals: Sequence[FloatArray], drafts: Sequence[Draft | None], *, variant: Variant
    ) -> list[tuple[FloatArray, FloatArray]]:
        """(3, s, s) pictures on the 0-255 scale and (1, s, s) trust, of every turn."""
        if variant == "draft":
            mended = [drafted.mended.transpose(2, 0, 1) for drafted in drafts if drafted]
            return [(picture, np.zeros_like(picture[:1])) for picture in mended]
        made = self._run(signals, variant=variant)
        return list(zip((made["painted"] + 1) * 127.5, made["trust"], strict=True))

    def _run(self, signals: Sequence[FloatArray], *, variant: Variant) -> dict[str, FloatArray]:
        """What the network makes of signals, by the names of its outputs."""
        stacked = np.stack(signals)
        if variant == "unposed":
            poses = 2 * int(self.card.facts["landmarks"])
            stacked[:, _POSE_FROM : _POSE_FROM + poses] = 0
        return self._session.run({"signal": stacked})

    def _signal(
        self, subject: Subject, pose: Pose, *, plan: Turn | None, drafted: Draft | None
    ) -> FloatArray:
        return build_signal(
            subject.portrait,
            size_px=self.card.preprocessing.width_px,
            source_points=to_shares(subject.head.frame, subject.face.points),
            target_points=self._target_points(subject, pose, plan=plan),
            draft=drafted,
        )

    def _target_points(self, subject: Subject, pose: Pose, *, plan: Turn | None) -> FloatArray:
        """(5, 2) landmarks of the target, as shares of the frame: as the weights were trained."""
        if self.card.facts.get("target") == "mesh":
            turned = turn_to(subject.head, pose) if plan is None else plan
            return five_points(turned.shown[: len(subject.head.points), :2])
        target = self.templates.at(pose.yaw_deg, pitch_deg=pose.pitch_deg, roll_deg=pose.roll_deg)
        return target.points


def warp_without_network(subject: Subject, pose: Pose, *, size_px: int) -> RgbImage:
    """(S, S, 3) uint8: the portrait turned by its mesh alone, background and all."""
    pose = settled_pose(pose, source=subject.head.pose)
    plan, read = plain_turn(subject, pose, size_px=size_px)
    return sharpened(to_bytes(read(plan.grid)), stretch=plan.stretch)


def plain_turn(
    subject: Subject, pose: Pose, *, size_px: int
) -> tuple[Warp, Callable[[FloatArray], FloatArray]]:
    """The plan of a turn by the mesh alone, and what reads the portrait through a grid.

    The reader takes (S, S, 2) places and gives (S, S, 3) float32 colours, 0-255.
    """
    plan = warp_to(subject.head.widest(), pose, size_px=size_px, window=subject.window)
    side = size_px * OVERSAMPLE
    portrait = resize(subject.portrait, width_px=side, height_px=side, kernel="box")
    return plan, lambda grid: soften_tears(sample(portrait, grid), grid=grid)


def _layers(subject: Subject, *, size_px: int) -> Layers:
    """A subject's layers at the size from which a turn to `size_px` reads them without aliasing."""
    return subject.layers.sized(size_px * OVERSAMPLE)
