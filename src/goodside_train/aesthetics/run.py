"""A training run from a recipe and a data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodside.errors import SettingsError
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.layouts import open_dataset
from goodside_train.aesthetics.distillation.score_mixing import mix_in_scores
from goodside_train.aesthetics.distillation.teacher_outputs import TeacherOutputs
from goodside_train.aesthetics.distillation.teachers import check_teachers, run_teachers
from goodside_train.aesthetics.networks.build import build_network, load_trunk
from goodside_train.aesthetics.networks.efficientnet_lite import installed_imagenet_weights
from goodside_train.aesthetics.populations.run import open_populations_task
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.task import AestheticsTask, heads_for
from goodside_train.device import Device, open_device
from goodside_train.loop import Metrics, check_out, train
from goodside_train.provenance import Provenance, find_start
from goodside_train.ranks import leader_first


def train_aesthetics(
    recipe: AestheticsRecipe,
    *,
    data: Path,
    out: Path,
    peers: Path | None = None,
    start: Path | None = None,
    from_scratch: bool = False,
    resume: bool = False,
    recipe_file: str = "without a file",
) -> Metrics:
    """Train the assessor.

    Args:
        recipe: everything about the run.
        data: folder of a data set, see `datasets.layouts`.
        out: receives the caches, the log and the checkpoint.
        peers: folder of weights that holds the peer which the recipe names as a teacher.
        start: checkpoint of the earlier run that the recipe starts from.
        from_scratch: start from the recipe's first weights, although it names an earlier run.
        resume: go on from the checkpoint in `out`.
        recipe_file: name of the recipe's file, for the card.

    Returns:
        Figures on the validation rows.

    Raises:
        SettingsError: the data is incomplete, or the recipe's start is not given.
        WeightsError: the ImageNet weights, the peer's or those to start from are missing.
        OutputError: `out` holds another run.
    """
    check_out(out, resume=resume)
    found = find_start(recipe.start, given=start, from_scratch=from_scratch, resume=resume)
    provenance = Provenance(recipe_file, seed=recipe.loop.seed, start=found)
    if recipe.populations is not None:
        several = open_populations_task(recipe, data=data, out=out, peers=peers, start=start)
        return train(several, recipe=recipe.loop, out=out, resume=resume, provenance=provenance)
    task = open_task(recipe, data=data, out=out, peers=peers, start=start)
    return train(task, recipe=recipe.loop, out=out, resume=resume, provenance=provenance)


def open_task(
    recipe: AestheticsRecipe,
    *,
    data: Path,
    out: Path,
    peers: Path | None = None,
    start: Path | None = None,
) -> AestheticsTask:
    """Data, teachers, network and optimiser of a run, before its first step; see `train`."""
    asked = recipe.network
    if asked.imagenet and asked.imagenet_path is None and asked.trunk.startswith("lite"):
        # Missing ones end the run before it decodes anything.
        installed_imagenet_weights(asked.trunk)
    check_teachers(recipe.teacher, peers=peers, cache=out)
    device = open_device(recipe.loop)
    found = read_training_data(recipe, data=data, out=out, peers=peers, device=device)
    return make_task(recipe, found, device=device, start=start)


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that a run draws from.

    Attributes:
        labels: of N photographs, the scores of training rows mixed with a peer's where asked.
        images: (N, S, S, 3) uint8 sRGB.
        teacher_outputs: for the same photographs.
    """

    labels: Labels
    images: RgbImage
    teacher_outputs: TeacherOutputs


def read_training_data(
    recipe: AestheticsRecipe, *, data: Path, out: Path, peers: Path | None, device: Device
) -> TrainingData:
    """Open the data set and run the teachers on it.

    Args:
        recipe, data, peers: as for `train_aesthetics`.
        out: receives the caches.
        device: where the teachers run.

    Raises:
        SettingsError: the data is incomplete, or has no photographs for validation.
    """
    stored = recipe.data.stored_px
    with leader_first():  # the others find its caches
        labels, images = open_dataset(
            data, size_px=stored, cache=out / f"images-{stored}.npy", layout=recipe.data.layout
        )
        if not labels.validation.any():
            raise SettingsError(
                "the data set has no photographs for validation",
                path=data,
                remedy="mark some in its column split, or leave some of its cells empty",
            )
        outputs = run_teachers(
            recipe.teacher, images, labels, device=device, peers=peers, cache=out
        )
    if outputs.peer_scores is not None:
        labels = mix_in_scores(labels, outputs.peer_scores, weight=recipe.teacher.score_weight)
    return TrainingData(labels, images, outputs)


def make_task(
    recipe: AestheticsRecipe, found: TrainingData, *, device: Device, start: Path | None = None
) -> AestheticsTask:
    """The recipe's network on its data, its trunk from an earlier run's checkpoint if given."""
    network = build_network(recipe, heads=heads_for(found.labels, found.teacher_outputs))
    if start is not None:
        load_trunk(network.trunk, checkpoint=start)
    return AestheticsTask(
        network,
        found.images,
        found.labels,
        teacher_outputs=found.teacher_outputs,
        recipe=recipe,
        device=device,
    )
