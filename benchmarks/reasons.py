"""Reasons of picks: how varied they are, and whether they are what the picks are liked for.

    python -m benchmarks.reasons --catalog mixed.db --picks 100 --work ../reasons

The catalog is that of an album that was scanned, whose files are there. Its best are picked; then
a table tells how often each kind of reason is said. For each reason of each pick that names
something in the picture, a copy is made without it: colours drained, the subject or the faces
blurred, light flattened, the picture tilted, cut off or darkened. The copies are scanned, and each
is put in the place of its original: a reason is faithful if the photograph is worth less then and
the reason is no longer found. Beside it stands another spoiled copy of the same photograph, whose
damage belongs to some other reason drawn by chance: of a reason that says nothing in particular
both would tell the same.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from goodside.aesthetics.explanation.qualities import Quality
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import open_catalog
from goodside.album.picks import HasTrait, ModelScore, PickCriteria, Ranking, Trait, word_reason
from goodside.album.picks.comparison import AlbumComparison
from goodside.album.picks.reasons import Reason, Shows, StandsOut
from goodside.album.scan import scan
from goodside.images import read_photo

_SIDE_PX = 1600
_Spoil = Callable[[Image.Image, AlbumPhoto], Image.Image]


def _drained(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return ImageEnhance.Color(image).enhance(0.15)


def _flattened(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(0.35)


def _darkened(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.45)


def _burnt(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(2.2)


def _blurred(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(min(image.size) / 100))


def _subject_blurred(image: Image.Image, shot: AlbumPhoto) -> Image.Image:
    """The half of width and height around the subject, softly bordered."""
    facts = shot.photo.facts
    wide, high = image.size
    x = np.arange(wide) / wide - (0.5 if facts.subject_x is None else facts.subject_x)
    y = np.arange(high) / high - (0.5 if facts.subject_y is None else facts.subject_y)
    far = np.maximum(np.abs(x)[None, :], np.abs(y)[:, None])
    mask = np.clip((0.36 - far) / 0.08, 0, 1)
    soft = image.filter(ImageFilter.GaussianBlur(min(image.size) / 25))
    return Image.composite(soft, image, Image.fromarray((255 * mask).astype(np.uint8)))


def _faces_blurred(image: Image.Image, shot: AlbumPhoto) -> Image.Image:
    scale = image.width / (shot.photo.facts.width or image.width)
    spoiled = image.copy()
    for face in shot.faces:
        box = face.box
        margin = 0.3 * box.width
        edges = (box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
        left, top, right, bottom = (round(scale * edge) for edge in edges)
        part = (max(0, left), max(0, top), min(image.width, right), min(image.height, bottom))
        soft = image.crop(part).filter(ImageFilter.GaussianBlur(scale * box.width / 6))
        spoiled.paste(soft, part[:2])
    return spoiled


def _off_centre(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    return image.crop((image.width * 2 // 5, 0, image.width, image.height))


def _tilted(image: Image.Image, _: AlbumPhoto) -> Image.Image:
    turned = image.rotate(6, Image.Resampling.BICUBIC)
    across, down = round(0.12 * image.width), round(0.12 * image.height)
    return turned.crop((across, down, image.width - across, image.height - down))


def _coarse(image: Image.Image, shot: AlbumPhoto) -> Image.Image:
    """Noise and blur, as of a poor camera."""
    rng = np.random.default_rng(0)
    soft = np.asarray(_blurred(image, shot), dtype=np.float32)
    noisy = soft + rng.normal(0, 18, soft.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


_SPOILED: dict[str, _Spoil] = {
    Quality.COLOURFUL: _drained,
    Quality.WARM_COLOURS: _drained,
    Quality.COOL_COLOURS: _drained,
    Quality.WARM_AND_COOL: _drained,
    Quality.CONTRAST: _flattened,
    Quality.DARKER_BACKGROUND: _flattened,
    Quality.LIGHTER_BACKGROUND: _flattened,
    Quality.LIGHT: _flattened,
    Quality.BRIGHT: _darkened,
    Quality.CLEAR_SUBJECT: _subject_blurred,
    Quality.SOFT_BACKGROUND: _subject_blurred,
    Quality.SYMMETRICAL: _off_centre,
    Quality.LEVEL_HORIZON: _tilted,
    Quality.SHARP: _blurred,
    Quality.SHARP_FACES: _faces_blurred,
    Quality.TECHNICAL: _coarse,
    Trait.SHARP: _blurred,
    Trait.SHARPER: _blurred,
    Trait.FACING_CAMERA: _faces_blurred,
    Trait.FACES_CAMERA: _faces_blurred,
    Trait.EYES_OPEN: _faces_blurred,
    Trait.EYES_OPEN_FACING_CAMERA: _faces_blurred,
    Trait.BETTER_EXPOSED: _burnt,
}
"""What takes away what a reason names, by the reason's name."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A reason of a pick, and the copies that were made to doubt it.

    Attributes:
        pick: the photograph.
        name: of the reason, as in `_SPOILED`.
        copies: without what it names, and without something else.
    """

    pick: AlbumPhoto
    name: str
    copies: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a photograph when it was spoiled: its score, its worth, the reason."""

    scores_less: bool
    is_worth_less: bool
    reason_goes: bool

    @property
    def is_faithful(self) -> bool:
        return self.is_worth_less and self.reason_goes


def name_of(reason: Reason) -> str | None:
    """What kind of reason it is; None for those of groups, owners and scores."""
    match reason:
        case StandsOut() | Shows():
            return reason.quality
        case HasTrait() if reason.kind in _SPOILED:
            return reason.kind
        case _:
            return None


def draw_trials(
    ranking: Ranking, picks: int, *, folder: Path, rng: np.random.Generator
) -> list[Trial]:
    """Make the copies of each reason of the best photographs, as JPEG files in a folder."""
    trials = []
    made: dict[tuple[int, _Spoil], str] = {}
    every = sorted(set(_SPOILED.values()), key=lambda spoil: spoil.__name__)
    for pick in ranking.best(PickCriteria(n=picks)):
        shot = pick.shot
        image = None
        for name in filter(None, map(name_of, pick.reasons)):
            right = _SPOILED[name]
            wrong = every[rng.integers(len(every))]
            while wrong is right:
                wrong = every[rng.integers(len(every))]
            image = image or _read(shot)
            for spoil in (right, wrong):
                if (shot.photo.id, spoil) not in made:
                    copy = f"{shot.photo.id}{spoil.__name__}.jpg"
                    spoil(image, shot).save(folder / copy, quality=93)
                    made[shot.photo.id, spoil] = copy
            trials.append(
                Trial(shot, name, (made[shot.photo.id, right], made[shot.photo.id, wrong]))
            )
    return trials


def judge_trial(
    trial: Trial, copy: AlbumPhoto, shots: Sequence[AlbumPhoto], *, ranking: Ranking
) -> Outcome:
    """Put a spoiled copy in its original's place.

    Args:
        trial: what is doubted.
        copy: the spoiled photograph, scanned.
        shots: of the album.
        ranking: of them.
    """
    shot = trial.pick
    there = replace(
        copy,
        photo=replace(copy.photo, id=shot.photo.id, sha256=shot.photo.sha256),
        groups=shot.groups,
        tags=shot.tags,
        flag=shot.flag,
        stars=shot.stars,
        kept=shot.kept,
    )
    album = [there if one is shot else one for one in shots]
    found = {name for _, reason in AlbumComparison(album).find(there) if (name := name_of(reason))}
    changed = Ranking(album)
    if trial.name in set(Trait):
        series = next((one for one in changed.series if there in one.shots), None)
        among = [there] if series is None else list(series.shots)
        best = changed.best_of(among, kind="burst")
        if best is not None and best.shot is there:
            found |= {name for one in best.reasons if (name := name_of(one))}
        if series is None:
            (alone,) = Ranking([there]).best(PickCriteria(n=1)) or (None,)
            found |= {n for one in (alone.reasons if alone else ()) if (n := name_of(one))}
    return Outcome(
        scores_less=_score(there) < _score(shot),
        is_worth_less=changed.worth(there).total < ranking.worth(shot).total,
        reason_goes=trial.name not in found,
    )


def _score(shot: AlbumPhoto) -> float:
    return 0.0 if shot.photo.judged is None else shot.photo.judged.aesthetic.score


def _read(shot: AlbumPhoto) -> Image.Image:
    photo = read_photo(shot.photo.paths[0], fit_px=_SIDE_PX)
    return Image.fromarray(photo.rgb)


def print_repetition(ranking: Ranking, picks: int) -> None:
    """How many of the picks each kind of reason is said of, and each wording."""
    chosen = ranking.best(PickCriteria(n=picks))
    kinds: Counter[str] = Counter()
    words: Counter[str] = Counter()
    without = 0
    for pick in chosen:
        said = [one for one in pick.reasons if not isinstance(one, ModelScore)]
        without += not said
        kinds.update({name_of(one) or type(one).__name__ for one in said})
        words.update(set(map(word_reason, said)))
    print(f"{len(chosen)} picks, {without} with nothing but the score; share of each reason:\n")
    print("| reason | picks |\n|---|---|")
    for kind, count in kinds.most_common():
        print(f"| {kind} | {count / len(chosen):.0%} |")
    wording, count = words.most_common(1)[0]
    print(f"\nMost frequent wording, {count / len(chosen):.0%}: {wording}\n")


def print_faithfulness(found: Sequence[tuple[str, Outcome, Outcome]]) -> None:
    """A line a kind of reason: without what it names, and without something else."""
    print("| reason | said | scores less | worth less | reason goes | faithful | by chance |")
    print("|---|---|---|---|---|---|---|")
    names = [name for name, _ in Counter(name for name, _, _ in found).most_common()]
    for name in (*names, "all"):
        rows = [row for row in found if name in (row[0], "all")]
        right, wrong = [one for _, one, _ in rows], [other for _, _, other in rows]
        shares = (
            np.mean([one.scores_less for one in right]),
            np.mean([one.is_worth_less for one in right]),
            np.mean([one.reason_goes for one in right]),
            np.mean([one.is_faithful for one in right]),
            np.mean([one.is_faithful for one in wrong]),
        )
        print(f"| {name} | {len(rows)} | " + " | ".join(f"{share:.0%}" for share in shares) + " |")


def main() -> None:
    """Pick, spoil, scan, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", type=Path, required=True)
    parser.add_argument("--picks", type=int, default=100)
    parser.add_argument("--work", type=Path, required=True, help="for copies; may grow large")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with open_catalog(options.catalog) as catalog:
        shots = read_album_photos(catalog)
    ranking = Ranking(shots)
    print_repetition(ranking, options.picks)
    folder = options.work / "copies"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    trials = draw_trials(ranking, options.picks, folder=folder, rng=rng)
    with open_catalog(options.work / "copies.db") as catalog:
        scan(catalog, [folder], workers=1)
        copies = {shot.name: shot for shot in read_album_photos(catalog)}
    outcomes = []
    for trial in trials:
        right, wrong = (
            judge_trial(trial, copies[copy], shots, ranking=ranking) for copy in trial.copies
        )
        outcomes.append((trial.name, right, wrong))
    print_faithfulness(outcomes)


if __name__ == "__main__":
    main()
