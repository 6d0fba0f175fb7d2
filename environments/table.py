"""What every table of the environment file is made of."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of the environment file: unknown keys are refused, values keep their TOML type, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
