"""What `import goodside` promises, and what it must not cost."""

from __future__ import annotations

import subprocess
import sys

import pytest

import goodside

_HEAVY = ("numpy", "PIL", "onnxruntime", "pydantic", "rich", "jinja2")
_ROOMS = ("images", "runtime", "face", "faces", "aesthetics", "rotation", "album", "types")

_PROMISED = {
    "calls": {"assess", "faces", "learn_taste", "portrait", "rotate"},
    "engines": {"Album", "Assessor", "FaceFinder", "Rotator"},
    "results": {
        "Aesthetic", "Assessment", "Box", "Doubt", "Face", "GoodSide", "Pose", "Tag", "Taste",
        "Turned",
    },
    "errors": {
        "AmbiguousFace", "CatalogError", "DoubtfulTurn", "FaceError", "GoodsideError",
        "ImageError", "ImageTimeout", "ImageTooLarge", "NoFace", "OutOfMemory", "OutOfRange",
        "OutputError", "ServiceBusy", "ServiceError", "SettingsError", "SidecarError", "UnfitFace",
        "UnreadableImage", "UnsupportedImage", "WeightsError", "WorkerError",
    },
}  # fmt: skip


def _loaded_after(code: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after `code`."""
    program = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.__stdout__)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_promised_names_are_exactly_these() -> None:
    assert set(goodside.__all__) == set.union(*_PROMISED.values())
    assert sorted(goodside.__all__) == dir(goodside)


@pytest.mark.parametrize("name", sorted(set.union(*_PROMISED.values())))
def test_every_promised_name_is_there_under_its_own_name(name: str) -> None:
    value = getattr(goodside, name)
    assert callable(value)
    assert value.__name__ == name
    assert value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        goodside.asess  # noqa: B018


def test_calls_stay_functions_after_their_rooms_are_loaded() -> None:
    loaded = "import goodside\nfrom goodside import faces, FaceFinder, Rotator\n"
    _loaded_after(loaded + "assert callable(goodside.faces) and faces is goodside.faces")


def test_every_error_derives_from_one() -> None:
    for name in _PROMISED["errors"]:
        assert issubclass(getattr(goodside, name), goodside.GoodsideError)


def test_importing_costs_next_to_nothing() -> None:
    loaded = _loaded_after("import goodside")
    assert "goodside" in loaded
    assert not loaded & {*_HEAVY, "click", *(f"goodside.{room}" for room in _ROOMS)}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_no_heavy_package(arguments: list[str]) -> None:
    loaded = _loaded_after(
        f"sys.argv = ['goodside', *{arguments!r}]\n"
        "from goodside.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    )
    assert "click" in loaded
    assert not loaded & {*_HEAVY, *(f"goodside.{room}" for room in _ROOMS)}


@pytest.mark.parametrize(
    "command",
    [
        "assess",
        "taste",
        "faces",
        "rotate",
        "portrait",
        "page",
        "evaluate",
        "model",
        "album",
        "serve",
    ],
)
def test_help_of_a_command_loads_no_network_runtime(command: str) -> None:
    loaded = _loaded_after(
        f"sys.argv = ['goodside', {command!r}, '--help']\n"
        "from goodside.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    )
    assert not loaded & {"onnxruntime", "PIL", "rich", "jinja2"}
