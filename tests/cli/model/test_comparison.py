"""`goodside model`: the weights that judge photographs in one table."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from goodside.cli import cli
from goodside.runtime import WeightsStore

STORE = WeightsStore()
JUDGES = [name for name in STORE.names() if STORE.card(name).task == "aesthetics"]


def _rows(env: dict[str, str] | None = None) -> dict[str, str]:
    text = CliRunner().invoke(cli, ["model"], env=env).stdout
    table = text[text.index("that judge photographs") :].splitlines()[2:]
    return {line.split()[0]: line for line in table if line.strip()}


def test_every_judge_has_a_row_with_terms_figures_size_and_time() -> None:
    rows = _rows()
    assert sorted(rows) == JUDGES
    for name, row in rows.items():
        card = STORE.card(name)
        assert card.identifier in row
        assert ("for anything" in row) is (card.license == "Apache-2.0")
        assert f"{card.size_bytes / 1e6:.1f}" in row
        assert 0 < float(row.split()[-1]) < 5000
        assert len(re.findall(r"0\.\d\d OASIS", row)) == 1
        assert len(re.findall(r"0\.\d\d PARA", row)) == 1
        own = "PARA" if "research" in row else "OASIS"
        assert re.search(rf"(for anything|for research) +0\.\d\d {own}", row)


def test_the_setting_says_which_are_the_default() -> None:
    assert [name for name, row in _rows().items() if "(default)" in row] == ["aesthetics-free"]
    chosen = _rows({"GOODSIDE_AESTHETICS_MODEL": "aesthetics-lite0"})
    assert [name for name, row in chosen.items() if "(default)" in row] == ["aesthetics-lite0"]


def test_the_setting_and_the_option_choose(tmp_path: Path) -> None:
    photo = str(Path(__file__).parents[3] / "examples" / "photos" / "cat.jpg")

    def judged(*options: str, env: dict[str, str]) -> str:
        done = CliRunner().invoke(cli, ["assess", photo, "--json", *options], env=env)
        assert done.exit_code == 0, done.output
        found = re.search(r'"model": ?"([a-z0-9-]+) ', done.stdout)
        assert found is not None
        return found[1]

    free = {"GOODSIDE_AESTHETICS_MODEL": "aesthetics-free"}
    assert judged(env=free) == "aesthetics-free"
    assert judged("--model", "aesthetics-lite0", env=free) == "aesthetics-lite0"
    assert judged("--model", "aesthetics-free-int8", env={}) == "aesthetics-free-int8"
    unknown = CliRunner().invoke(
        cli, ["assess", photo], env={"GOODSIDE_AESTHETICS_MODEL": "nobody"}
    )
    assert unknown.exit_code != 0
    assert "nobody" in str(unknown.exception)
