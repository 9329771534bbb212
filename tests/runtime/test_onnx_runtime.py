"""ONNX Runtime is imported with its telemetry off, always, by whichever way."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodside.runtime.onnx_runtime import TELEMETRY_OFF

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("src", "tests", "tools", "benchmarks", "examples")
_ALLOWED = {_ROOT / "src/goodside/runtime/onnx_runtime.py", Path(__file__).resolve()}
_PHOTO = _ROOT / "examples" / "photos" / "cat.jpg"

_HOOK = f"""
import os, sys

class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == "onnxruntime":
            print("imported with", os.environ.get({TELEMETRY_OFF!r}), flush=True)

sys.meta_path.insert(0, Hook())
"""


def _run(code: str, *, home: Path, variable: str | None = None) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter whose home is an empty folder."""
    environment = {k: v for k, v in os.environ.items() if k != TELEMETRY_OFF and k[:4] != "XDG_"}
    environment |= {"HOME": str(home)} | ({} if variable is None else {TELEMETRY_OFF: variable})
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def _imports(tree: ast.AST) -> Iterator[str]:
    """Names of the modules that some code imports, also by a call with a literal name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = (
                node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            )
            if name in ("import_module", "__import__", "importorskip"):
                yield str(node.args[0].value)


@pytest.mark.parametrize("folder", _FOLDERS)
def test_no_other_module_imports_it(folder: str) -> None:
    for path in sorted((_ROOT / folder).rglob("*.py")):
        if path not in _ALLOWED:
            names = list(_imports(ast.parse(path.read_text(encoding="utf-8"))))
            found = [name for name in names if name.split(".")[0] == "onnxruntime"]
            assert not found, f"{path} imports {found}; call goodside.runtime.import_onnxruntime"


@pytest.mark.parametrize("variable", [None, "0"])
@pytest.mark.parametrize(
    "code",
    [
        f"import goodside; goodside.assess({str(_PHOTO)!r})",
        "from goodside.runtime import import_onnxruntime as load; load('quantization')",
    ],
)
def test_the_variable_is_set_before_the_import_and_nothing_is_left(
    code: str, variable: str | None, tmp_path: Path
) -> None:
    done = _run(_HOOK + code, home=tmp_path, variable=variable)
    assert done.stdout == "imported with 1\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_processes_that_are_started_later_inherit_it(tmp_path: Path) -> None:
    code = (
        "from goodside.runtime import switch_telemetry_off; switch_telemetry_off()\n"
        "import subprocess, sys\n"
        f"ask = 'import os; print(os.getenv(\"{TELEMETRY_OFF}\"))'\n"
        "subprocess.run([sys.executable, '-c', ask], check=True)"
    )
    assert _run(code, home=tmp_path).stdout == "1\n"


@pytest.mark.parametrize(("variable", "warned"), [(None, True), ("0", True), ("1", False)])
def test_a_program_that_imported_it_before_is_warned(
    variable: str | None, tmp_path: Path, *, warned: bool
) -> None:
    code = "import onnxruntime\nfrom goodside.runtime import import_onnxruntime as load\nload()\n"
    done = _run(code + "load()", home=tmp_path, variable=variable)
    assert done.stderr.count("RuntimeWarning: onnxruntime was imported before") == warned
    assert (TELEMETRY_OFF + "=1" in done.stderr) is warned
