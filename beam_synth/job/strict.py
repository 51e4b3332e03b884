"""The base of every mapping of a job file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A mapping of the job file: an unknown key is an error, and nothing can be assigned to."""

    model_config = ConfigDict(extra="forbid", frozen=True)
