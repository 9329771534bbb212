"""`goodside model add`: an image encoder of one's own among the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.terminal import echo, echo_error, echo_json, shown

if TYPE_CHECKING:
    from goodside.aesthetics.encoders.add import AddedEncoder

_FAMILIES = ("clip", "siglip", "dinov2")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What it is called from now on.")
@click.option(
    "--preset",
    type=click.Choice(_FAMILIES),
    help="Its family: how pixels become its input.  [told from the file's name]",
)
@click.option(
    "--license", "licence", required=True, metavar="TEXT", help="Its licence, by SPDX or by name."
)
@click.option("--terms", help="In words, what that allows.")
@click.option("--source", help="Where it comes from.")
@click.option("--data", "trained_on", metavar="TEXT", help="What it was trained on.")
@click.option("--version", default="1.0.0", show_default=True, help="Of the encoder.")
@click.option(
    "--size",
    "size_px",
    metavar="PX",
    type=click.IntRange(min=8, max=4096),
    help="Side of its input, where the graph takes any.  [the family's]",
)
@click.option(
    "--fit",
    type=click.Choice(["squash", "crop", "pad"]),
    help="How a photograph of another shape is fitted.  [the family's]",
)
@click.option("--output", metavar="NAME", help="The graph's output to read.  [the likeliest]")
@click.option(
    "--pooling",
    type=click.Choice(["first", "mean"]),
    help="Which of an output's tokens to read.  [the family's]",
)
@click.option("--overwrite", is_flag=True, help="Replace a model of yours of this name.")
@click.option("--json", "as_json", is_flag=True, help="The card as one JSON object.")
@click.pass_obj
def add(
    invocation: Invocation,
    *,
    file: Path,
    name: str,
    preset: str | None,
    licence: str,
    terms: str | None,
    source: str | None,
    trained_on: str | None,
    version: str,
    size_px: int | None,
    fit: str | None,
    output: str | None,
    pooling: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Copy the image encoder in FILE among your models, and write its card.

    FILE is an ONNX file of a CLIP, SigLIP or DINOv2 image encoder, or one like them: one input of
    pictures; out comes an embedding, or tokens. Size, names, numbers and what lies beside it are
    read from it, and it is tried on two pictures. It has no opinion of photographs until something
    is learnt on it: goodside taste learn --model NAME, or goodside train aesthetics --features.
    """
    from goodside.aesthetics.encoders.add import EncoderTerms, add_encoder
    from goodside.aesthetics.encoders.presets import family_in

    family = preset or family_in(str(Path(*file.absolute().parts[-4:])))
    if family is None:
        raise click.UsageError(
            f"the file's name does not tell its family: name it with --preset {'|'.join(_FAMILIES)}"
        )
    engines = invocation.engines
    added = add_encoder(
        file,
        name=name,
        preset=family,
        terms=EncoderTerms(licence, terms, source, trained_on, version),
        folder=engines.models_folder,
        known=engines.store,
        size_px=size_px,
        fit=cast("Literal['squash', 'crop', 'pad'] | None", fit),
        output=output,
        pooling=cast("Literal['first', 'mean'] | None", pooling),
        overwrite=overwrite,
    )
    for warning in added.warnings:
        echo_error(f"{warning}: is --preset {family} right?", path=file)
    if as_json:
        echo_json(added.card.model_dump(mode="json"))
    else:
        echo(_report(added, folder=engines.models_folder))


def _report(added: AddedEncoder, *, folder: Path) -> str:
    card, graph, pixels = added.card, added.card.encoder, added.card.preprocessing
    if graph is None:
        raise ValueError(f"{card.name} is no encoder")
    of_tokens = {"none": "", "first": ", the first of its tokens", "mean": ", the tokens' mean"}
    return "\n".join(
        (
            f"{shown(folder / card.name)}.json: {card.identifier}, preset {card.facts['preset']}",
            f"    {pixels.width_px} x {pixels.height_px} px, {pixels.fit}, {graph.dtype}; "
            f"{added.ms_per_photo:.0f} ms a photograph on one thread",
            f"    {shown(graph.output)}: {graph.features} features{of_tokens[graph.pooling]}",
            "It has no opinion of photographs until something is learnt on it:",
            f"    goodside train aesthetics --features --model {card.name} --ratings TABLE",
            f"    goodside taste learn --model {card.name} TABLE",
        )
    )
