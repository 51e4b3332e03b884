"""Job keys `documents` and `instructions`: rows of the user's own, and what their columns mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from beam_synth.job.strict import Strict

Column = Annotated[str, Field(min_length=1)]  # a column's name in the user's files
Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]  # "en", "pt-BR"


class DocumentColumns(Strict):
    """Our name of a column of documents -> theirs, null for none; `text` has to be there."""

    id: Column | None = "id"
    text: Column = "text"
    title: Column | None = "title"
    language: Column | None = "language"
    url: Column | None = "url"
    license: Column | None = "license"


class InstructionColumns(Strict):
    """Our name of a column of instructions -> theirs, null for none; `prompt` has to be there."""

    id: Column | None = "id"
    prompt: Column = "prompt"
    system: Column | None = "system"
    reference: Column | None = "reference"
    language: Column | None = "language"
    source: Column | None = "source"
    license: Column | None = "license"


class Rows(Strict):
    """Files of rows, and what is true of all of them where no column says it."""

    path: str = Field(min_length=1)  # a file, a glob, a folder of `datasets`, or a dataset's name
    language: Code | None = None  # of rows whose column says none; else it is told from the text
    license: Column | None = None  # of rows whose column says none: an SPDX identifier
    split: str = "train"  # of a dataset that has several
    subset: str | None = None  # of a dataset on the hub that has several
    revision: str | None = None  # of a dataset on the hub: a commit, tag or branch


class DocumentRows(Rows):
    """An entry of `documents`: texts that are split into passages as articles are."""

    columns: DocumentColumns = DocumentColumns()


class InstructionRows(Rows):
    """An entry of `instructions`: prompts that methods start from."""

    columns: InstructionColumns = InstructionColumns()
