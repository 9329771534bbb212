"""The rotation task: generator, couple agents and losses joined for the loop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from goodside.images import save_image
from goodside.rotation.generator.pose_images import encode_pose
from goodside.types import FIVE_POINTS, FloatArray
from goodside_train.checkpoint import load_from_checkpoint
from goodside_train.device import Device, open_device
from goodside_train.loop import Metrics
from goodside_train.moving_average import MovingAverage
from goodside_train.ranks import average_gradients, share
from goodside_train.rotation.alignment import alignment_grid
from goodside_train.rotation.losses import (
    adversarial_loss,
    agent_loss,
    draft_loss,
    feature_matching_loss,
    geometry_loss,
    identity_loss,
    pixel_loss,
    total_variation,
)
from goodside_train.rotation.networks.build import AnyGenerator, build_generator
from goodside_train.rotation.networks.deformable import DeformableGenerator
from goodside_train.rotation.networks.from_onnx import load_from_onnx
from goodside_train.rotation.networks.frozen_onnx import FrozenNetwork
from goodside_train.rotation.networks.generator import AgentDiscriminator, GeneratorOutput
from goodside_train.rotation.pairs.damage import damage, jitter_colours, spoil_drafts
from goodside_train.rotation.pairs.pairs import Pairs, flow_goal, signal_of, to_signed
from goodside_train.rotation.pairs.sampling import draw_batch, farthest_points
from goodside_train.rotation.recipe import RotationRecipe

_Network = TypeVar("_Network", AnyGenerator, AgentDiscriminator)


@dataclass(frozen=True, slots=True)
class RotationBatch:
    """One step's tensors.

    Attributes:
        signal: (N, C, S, S) the to-be-input signal.
        source, target: (N, 3, S, S) in [-1, 1].
        true: (N,) bool, whether the target is a true picture, else a warp: nothing for the agents.
        weight: (N, 1, S, S) how far the target is the answer, 0-1.
        target_pose: (N, K, S, S) pose images of where the target really has its landmarks; what the
            pose agent compares with.
        wrong_pose: (N, K, S, S) those of another pose.
        grid: (N, 112, 112, 2) sampling grid that aligns the result for the recogniser.
        person, person_grid: (N, 3, S, S) a true picture of the person, and its grid.
        flow: (N, 2, 4, S/2, S/2) see `flow_goal`.
    """

    signal: Tensor
    source: Tensor
    target: Tensor
    true: Tensor
    weight: Tensor
    target_pose: Tensor
    wrong_pose: Tensor
    grid: Tensor
    person: Tensor
    person_grid: Tensor
    flow: Tensor


class RotationTask:
    """Trains a generator against the two agents.

    Args:
        recipe: what to train and how.
        pairs: rendered training pairs.
        held_out: pairs of identities never trained on, for validation and preview.
        recogniser: ONNX file of the frozen recogniser for the identity loss.
    """

    def __init__(
        self, recipe: RotationRecipe, *, pairs: Pairs, held_out: Pairs, recogniser: Path
    ) -> None:
        torch.manual_seed(recipe.loop.seed)
        self.recipe = recipe
        self.pairs, self.held_out = pairs, held_out
        self.device: Device = open_device(recipe.loop)
        self.generator = self._placed(build_generator(recipe))
        build_agent = partial(
            AgentDiscriminator,
            width=recipe.agent_width,
            last_alone=recipe.agent_verdicts == "last",
        )
        self.agents = {
            "identity": self._placed(build_agent(3)),
            "pose": self._placed(build_agent(recipe.landmarks)),
        }
        weights = recipe.loss_weights
        counts = {"identity": weights.adversarial_identity, "pose": weights.adversarial_pose}
        self.agent_weights = {name: weight for name, weight in counts.items() if weight}
        self.recogniser = FrozenNetwork(recogniser).to(self.device.torch)
        self.average = MovingAverage(self.generator, decay=recipe.average_decay)
        betas, rate = (0.5, 0.999), recipe.learning_rate
        discriminator_parameters = [p for agent in self.agents.values() for p in agent.parameters()]
        self.generator_optimizer = torch.optim.Adam(
            _parameter_groups(self.generator), lr=rate, betas=betas
        )
        self.discriminator_optimizer = torch.optim.Adam(
            discriminator_parameters, lr=rate, betas=betas
        )
        for optimizer in (self.generator_optimizer, self.discriminator_optimizer):
            average_gradients(optimizer)

    def start_from(self, weights: Path) -> None:
        """Start from an earlier generator; the discriminators begin anew.

        Args:
            weights: its ONNX file, as it ships, or a run's checkpoint.

        Raises:
            WeightsError: it cannot be read or does not fit the recipe.
        """
        if weights.suffix == ".onnx":
            load_from_onnx(self.generator, weights)
        else:
            load_from_checkpoint(self.generator, weights)
        self.average.network.load_state_dict(self.generator.state_dict())

    def batch(self, step: int) -> RotationBatch:
        rng = np.random.default_rng((self.recipe.loop.seed, step))
        chosen = self.pairs.take(share(draw_batch(self.pairs, recipe=self.recipe, rng=rng)))
        if rng.random() < 0.5:
            chosen = chosen.flipped()
        if self.recipe.colour_jitter:
            chosen = jitter_colours(chosen, rng=rng, max_change=self.recipe.colour_jitter)
        shown = damage(chosen, rng=rng, probability=self.recipe.erase)
        if self.recipe.draft_dropout or self.recipe.draft_coarse:
            dropout, coarse = self.recipe.draft_dropout, self.recipe.draft_coarse
            shown = spoil_drafts(shown, rng=rng, dropout=dropout, coarse=coarse)
        return self._tensors(chosen, rng=rng, shown=shown)

    def training_step(self, batch: RotationBatch, *, step: int, progress: float) -> Metrics:
        rate = self.recipe.learning_rate * min(1.0, 4 * (1 - progress) + 0.05)
        alone = progress < self.recipe.flow_until
        for group in (
            *self.generator_optimizer.param_groups,
            *self.discriminator_optimizer.param_groups,
        ):
            slower = group.get("flow") and not alone
            group["lr"] = rate * (self.recipe.flow_rate if slower else 1)
        if alone:
            return self._flow_step(batch)
        if isinstance(self.generator, DeformableGenerator):
            self.generator.flow.requires_grad_(self.recipe.flow_rate > 0)
        adversarial = bool(self.agent_weights) and progress >= self.recipe.agents_from
        with self.device.autocast():
            views = self.generator(batch.signal)
        figures = self._discriminator_step(batch, views.full.detach()) if adversarial else {}
        figures |= self._generator_step(batch, views, step=step, adversarial=adversarial)
        self.average.update(self.generator)
        return figures

    def validate(self, *, step: int) -> Metrics:
        """L1 of result and of plain warp on held-out pairs, and cosine to the true picture."""
        sums = dict.fromkeys(("l1", "warp_l1", "cosine", "warp_cosine", "trust"), 0.0)
        groups = np.array_split(np.arange(len(self.held_out)), max(1, len(self.held_out) // 16))
        for group in groups:
            batch = self._tensors(self.held_out.take(group))
            with torch.no_grad(), self.device.autocast():
                views = self.average.network(batch.signal)
            full, warped = views.full.float(), to_signed(self.held_out.warped[group])
            warp = torch.from_numpy(warped).to(full.device)
            share = len(group) / len(self.held_out)
            real = self._features(batch.person, batch.person_grid)
            for name, picture in (("", full), ("warp_", warp)):
                made = self._features(picture, batch.grid)
                cosine = functional.cosine_similarity(made, real).mean()
                sums[f"{name}l1"] += share * float((picture - batch.target).abs().mean())
                sums[f"{name}cosine"] += share * float(cosine)
            sums["trust"] += share * float(views.trust.float().mean())
        return sums

    def preview(self, folder: Path, *, step: int) -> None:
        """Rows of source, warp, mirror half, painted, result, truth for twelve held-out pairs.

        With deformable skips the photograph moved by their flow stands for what was painted.
        """
        chosen = self.held_out.take(np.linspace(0, len(self.held_out) - 1, 12).astype(np.int64))
        batch = self._tensors(chosen)
        with torch.no_grad(), self.device.autocast():
            views = self.average.network(batch.signal)
        first = views.painted if views.moved is None else views.moved
        made = [_to_bytes(first), _to_bytes(views.full)]
        columns = [chosen.source, chosen.warped, chosen.mirrored, *made, chosen.target]
        rows = [np.concatenate([column[i] for column in columns], axis=1) for i in range(12)]
        left, right = np.concatenate(rows[:6]), np.concatenate(rows[6:])
        folder.mkdir(parents=True, exist_ok=True)
        sheet = np.concatenate([left, right], axis=1)
        save_image(folder / f"step-{step:06d}.png", sheet, overwrite=True)

    def state(self) -> dict[str, Any]:
        return {
            "generator": self.generator.state_dict(),
            "agents": {name: agent.state_dict() for name, agent in self.agents.items()},
            "average": self.average.state(),
            "maker": self.generator_optimizer.state_dict(),
            "judge": self.discriminator_optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.generator.load_state_dict(state["generator"])
        for name, agent in self.agents.items():
            agent.load_state_dict(state["agents"][name])
        self.average.restore(state["average"])
        self.generator_optimizer.load_state_dict(state["maker"])
        self.discriminator_optimizer.load_state_dict(state["judge"])

    def _placed(self, network: _Network) -> _Network:
        # torch's stubs leave the memory format out
        return network.to(self.device.torch, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]

    def _discriminator_step(self, batch: RotationBatch, made: Tensor) -> Metrics:
        """Teach the agents: true pairs against made faces and against mismatched conditions.

        A warp is never shown to them as real.
        """
        figures = {}
        losses = []
        asked = {
            "identity": (batch.source, batch.source.roll(1, dims=0)),
            "pose": (batch.target_pose, batch.wrong_pose),
        }
        true = batch.true
        for name in self.agent_weights:
            agent, (condition, wrong) = self.agents[name], asked[name]
            with self.device.autocast():
                real, _ = agent(batch.target[true], condition[true])
                fake, _ = agent(made, condition)
                mismatched, _ = agent(batch.target[true], wrong[true])
                loss = agent_loss(real, [fake, mismatched])
            losses.append(loss)
            figures[f"agent_{name}"] = float(loss.detach())
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        torch.stack(losses).sum().backward()  # type: ignore[no-untyped-call]
        self.discriminator_optimizer.step()
        return figures

    def _generator_step(
        self, batch: RotationBatch, views: GeneratorOutput, *, adversarial: bool, step: int = 0
    ) -> Metrics:
        weights = self.recipe.loss_weights
        terms: dict[str, tuple[float, Tensor]] = {}
        with self.device.autocast():
            off = (views.painted - batch.target).abs() * batch.weight
            terms["pixel"] = (weights.pixel, pixel_loss(views, batch.target, weight=batch.weight))
            terms["painted"] = (weights.pixel / 4, off.mean())
            if weights.flow and views.moved is not None:
                astray = (views.moved - batch.target).abs() * batch.weight
                terms["flow"] = (weights.flow, astray.mean())
            if weights.geometry and views.found is not None:
                geometry, shown = geometry_loss(views.found, batch.flow)
                terms["geometry"] = (weights.geometry, geometry)
                terms["shown"] = (weights.shown, shown)
            terms["total_variation"] = (weights.total_variation, total_variation(views.full))
            if weights.draft and views.draft is not None:
                unanswered = draft_loss(views.painted, batch.target, weight=1 - batch.weight)
                terms["draft"] = (weights.draft, unanswered)
            if weights.identity:
                some = slice(step % self.recipe.identity_every, None, self.recipe.identity_every)
                made = self._features(views.full[some], batch.grid[some])
                with torch.no_grad():
                    real_features = self._features(batch.person[some], batch.person_grid[some])
                terms["identity"] = (weights.identity, identity_loss(made, real_features))
            if adversarial:
                terms |= self._adversarial_terms(batch, views.full)
        return self._learn(terms)

    def _flow_step(self, batch: RotationBatch) -> Metrics:
        """Teach the flow alone: to be the mesh's, and to move the photograph onto the answer."""
        weights = self.recipe.loss_weights
        assert isinstance(self.generator, DeformableGenerator)
        with self.device.autocast():
            found = self.generator.flow(batch.signal)
        geometry, shown = geometry_loss(found, batch.flow)
        astray = (found.picture(batch.source) - batch.target).abs() * batch.weight
        terms = {
            "geometry": (weights.geometry, geometry),
            "shown": (weights.shown, shown),
            "flow": (weights.flow, astray.mean()),
        }
        figures = self._learn(terms)
        self.average.update(self.generator)
        return figures

    def _learn(self, terms: dict[str, tuple[float, Tensor]]) -> Metrics:
        """One step of the generator down its losses, (weight, loss) each by its name."""
        total = torch.stack([weight * loss.float() for weight, loss in terms.values()]).sum()
        self.generator_optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        figures = {name: float(loss.detach()) for name, (_, loss) in terms.items()}
        if self.recipe.gradient_norm:
            for group in self.generator_optimizer.param_groups:
                norm = nn.utils.clip_grad_norm_(group["params"], self.recipe.gradient_norm)
                figures["flow_norm" if group.get("flow") else "gradient_norm"] = float(norm)
        self.generator_optimizer.step()
        return figures

    def _adversarial_terms(
        self, batch: RotationBatch, made: Tensor
    ) -> dict[str, tuple[float, Tensor]]:
        """The agents' verdicts on the made faces; only the generator learns from them."""
        weights = self.recipe.loss_weights
        terms = {}
        conditions = {"identity": batch.source, "pose": batch.target_pose}
        for name, weight in self.agent_weights.items():
            agent, condition = self.agents[name].requires_grad_(False), conditions[name]
            verdicts, features = agent(made, condition)
            terms[f"adversarial_{name}"] = (weight, adversarial_loss(verdicts))
            if weights.feature_matching:
                true = batch.true
                with torch.no_grad():
                    _, real = agent(batch.target[true], condition[true])
                matched = feature_matching_loss([f[true] for f in features], real)
                terms[f"matching_{name}"] = (weights.feature_matching, matched)
            agent.requires_grad_(True)
        return terms

    def _features(self, pictures: Tensor, grid: Tensor) -> Tensor:
        """(N, D) recogniser features of portraits in [-1, 1], aligned by their sampling grids."""
        aligned = functional.grid_sample(
            pictures.float(), grid, padding_mode="border", align_corners=False
        )
        pixels = (aligned * 127.5 / 128).permute(0, 2, 3, 1)
        features: Tensor = self.recogniser(pixels)
        return features

    def _tensors(
        self, pairs: Pairs, *, rng: np.random.Generator | None = None, shown: Pairs | None = None
    ) -> RotationBatch:
        """Tensors of some pairs; the signal shows those in `shown`, if they are damaged."""
        rng = np.random.default_rng(self.recipe.loop.seed) if rng is None else rng
        size_px = pairs.source.shape[1]
        true = pairs.true[:, None, None]
        person = np.where(true[..., None], pairs.target, pairs.source)
        person_points = np.where(true, pairs.true_points, pairs.source_points)
        place = self.device.torch

        def picture(values: Any) -> Tensor:
            tensor = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(place)
            return tensor.contiguous(memory_format=torch.channels_last)

        def poses(points: FloatArray) -> Tensor:
            return picture(
                np.stack([encode_pose(p * size_px - 0.5, size_px=size_px) for p in points])
            )

        def grids(points: FloatArray) -> Tensor:
            stacked = np.stack(
                [alignment_grid(p[: len(FIVE_POINTS)], size_px=size_px) for p in points]
            )
            return torch.from_numpy(stacked).to(place)

        recipe, target = self.recipe.recipe, self.recipe.target
        landmarks = self.recipe.landmarks
        true_points = pairs.true_points[:, :landmarks]
        known = np.maximum(pairs.confidence / 255, self.recipe.draft_counts)
        return RotationBatch(
            signal=picture(
                signal_of(
                    pairs if shown is None else shown,
                    recipe=recipe,
                    target=target,
                    landmarks=landmarks,
                )
            ),
            source=picture(to_signed(pairs.source)),
            target=picture(to_signed(pairs.target)),
            true=torch.from_numpy(pairs.true).to(place),
            weight=picture(np.where(true, 1, known)[:, None]),
            target_pose=poses(true_points),
            wrong_pose=poses(farthest_points(true_points, rng=rng)),
            grid=grids(pairs.true_points),
            person=picture(to_signed(person)),
            person_grid=grids(person_points),
            flow=torch.from_numpy(flow_goal(pairs)).to(place),
        )


def _parameter_groups(generator: AnyGenerator) -> list[dict[str, Any]]:
    """The generator's parameters for an optimiser, those of the flow apart."""
    if not isinstance(generator, DeformableGenerator):
        return [{"params": list(generator.parameters())}]
    flow = list(generator.flow.parameters())
    others = [p for name, p in generator.named_parameters() if not name.startswith("flow.")]
    return [{"params": others}, {"params": flow, "flow": True}]


def _to_bytes(pictures: Tensor) -> Any:
    scaled = (pictures.float().clamp(-1, 1) + 1) * 127.5
    return scaled.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
