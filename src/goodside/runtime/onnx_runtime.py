"""ONNX Runtime with its telemetry off; every other module gets it from here.

Since 1.32 at the latest, importing ONNX Runtime writes a device id and a database of events below
the person's cache folder, and some seconds later looks up its event collector. Only a variable of
the environment that is set before the import keeps it from that: `disable_telemetry_events()` comes
too late, for the import itself has opened the database by then.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from types import ModuleType

TELEMETRY_OFF = "ORT_DISABLE_TELEMETRY"
"""The variable; ONNX Runtime heeds the values `1` and `true` alone."""

_PACKAGE = "onnxruntime"


def import_onnxruntime(part: str = "") -> ModuleType:
    """ONNX Runtime, or a module of it, imported with its telemetry off.

    The variable stays in the environment, so that worker processes inherit it. Where the calling
    program had imported ONNX Runtime before, with its telemetry on, a warning says so.

    Args:
        part: a module within the package, such as `quantization.calibrate`.

    Raises:
        ImportError: it is not installed, or has no such module.
    """
    if _PACKAGE in sys.modules and not _is_off():
        warnings.warn(
            "onnxruntime was imported before goodside could switch its telemetry off: it may look"
            f" up its collector and write to the cache folder; set {TELEMETRY_OFF}=1 in the"
            " environment before the program starts",
            RuntimeWarning,
            stacklevel=2,
        )
    switch_telemetry_off()
    package = import_module(_PACKAGE)
    package.disable_telemetry_events()  # on Windows, the events that the system's tracing takes
    return import_module(f"{_PACKAGE}.{part}") if part else package


def switch_telemetry_off() -> None:
    """Set the variable for this process and those it starts, whatever it was before.

    For code that hands over to a library which may import ONNX Runtime itself.
    """
    os.environ[TELEMETRY_OFF] = "1"


def _is_off() -> bool:
    return os.environ.get(TELEMETRY_OFF, "").lower() in ("1", "true")
