"""Settings: read once in `main()`, passed down, never global."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from goodside.database_url import DatabaseUrl, hide_passwords, parse_location
from goodside.errors import SettingsError


class Settings(BaseSettings):
    """What a person may set by environment variable (`GOODSIDE_…`); every field has a default.

    Attributes:
        weights_dir: folder of weights to use instead of the package's own.
        aesthetics_model: name of the weights that judge photographs; by default the shipped ones.
        models_dir: folder of a person's own models, found beside those; by default `models` in the
            person's data folder.
        threads: ONNX Runtime threads of one process.
        max_megapixels: larger pictures are refused before they are decoded.
        max_megabytes: larger files are refused before they are read.
        max_memory_megabytes: pictures that take more memory to decode are refused before.
        timeout_s: how long one photograph may take, in seconds.
        catalog: the album's database, a file or `postgresql+psycopg://HOST/DATABASE`; by default a
            file in the person's data folder.
        user: who decides, in the album's journal; by default the user of the system.
    """

    model_config = SettingsConfigDict(
        env_prefix="GOODSIDE_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    weights_dir: Path | None = None
    aesthetics_model: str | None = None
    models_dir: Path | None = None
    threads: int = Field(default=1, ge=1, le=256)
    max_megapixels: float = Field(default=250.0, gt=0, le=1e6, allow_inf_nan=False)
    max_megabytes: float = Field(default=500.0, gt=0, le=1e6, allow_inf_nan=False)
    max_memory_megabytes: float = Field(default=700.0, gt=0, le=1e6, allow_inf_nan=False)
    timeout_s: float = Field(default=120.0, gt=0, le=86_400, allow_inf_nan=False)
    catalog: Annotated[Path | DatabaseUrl, BeforeValidator(parse_location)] | None = None
    user: str | None = Field(default=None, min_length=1, max_length=100)

    def __init__(self, **values: Any) -> None:
        """Read the environment.

        Raises:
            SettingsError: a variable holds something else than the setting takes.
        """
        try:
            super().__init__(**values)
        except ValidationError as error:
            invalid = error.errors()[0]
            name = "GOODSIDE_" + "_".join(str(part) for part in invalid["loc"]).upper()
            raise SettingsError(
                f"{name} is {_shown(invalid['input'])}: {invalid['msg'].lower()}",
                remedy=f"set {name} to a value that fits, or unset it",
            ) from error


def _shown(given: object) -> str:
    """What a variable holds, as a message shows it: without a password."""
    return repr(hide_passwords(given) if isinstance(given, str) else given)
