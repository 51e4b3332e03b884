"""The form in which a request is asked now, and what becomes of what comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import orjson

from beam_synth.checks.instances import read_instance
from beam_synth.checks.repairs import without_turn_ends
from beam_synth.engines.base import Completion, Request
from beam_synth.engines.ports import Answer
from beam_synth.errors import ContentRefused
from beam_synth.generation.calls import corrections
from beam_synth.generation.task_calls import step_name
from beam_synth.generation.token_limits import TOKEN_LIMITS
from beam_synth.text.control_tokens import neutral_answer, neutral_values


class CutOff(Exception):
    """An answer ended at the limit of tokens; its text says so, and what it took."""

    def __init__(self, message: str, limit: int, thought: bool = False) -> None:
        super().__init__(message)
        self.thought = thought  # whether some of these were taken by what was thought
        self.limit = limit  # tokens that it ended at; 0 where nobody tells


@dataclasses.dataclass(frozen=True)
class Form:
    """A request in the form in which it is asked now, and the shorter form that it may take."""

    request: Request
    shorter: Mapping[str, Any] | None = None  # variables
    cut: bool = False  # whether a text that was cut off is an answer too
    shortened: bool = False
    lengthened: bool = False  # whether more tokens are allowed than at first
    drawn: bool = False  # whether its limit of tokens is its method's, and not the job's
    alone: bool = True  # whether the usage of a call is that of one answer

    def shorten(self) -> Form | None:
        """The shorter form; None where there is none left."""
        if self.shorter is None:
            return None
        request = dataclasses.replace(self.request, variables=self.shorter, followups=())
        return dataclasses.replace(self, request=request, shorter=None, shortened=True)

    def unbounded(self) -> Form | None:
        """The same without a limit of tokens that its method drew; None where there is none."""
        if not self.drawn:
            return None
        sampling = {k: v for k, v in self.request.sampling.items() if k not in TOKEN_LIMITS}
        request = dataclasses.replace(self.request, sampling=sampling)
        return dataclasses.replace(self, request=request, drawn=False)

    def lengthen(self, limit: int) -> Form:
        """The same with that limit of tokens."""
        sampling = self.request.sampling
        key = next((key for key in TOKEN_LIMITS if key in sampling), TOKEN_LIMITS[0])
        request = dataclasses.replace(self.request, sampling={**sampling, key: limit})
        return dataclasses.replace(self, request=request, lengthened=True, alone=True)

    def followed_by(self, completion: Completion, fault: str) -> Form:
        """The same with the answer and what is wrong with it."""
        followups = corrections(
            neutral_answer(completion.text) or "{}",  # few endpoints take an empty turn
            fault,
            self.request.schema is not None,
        )
        request = dataclasses.replace(self.request, followups=followups)
        return dataclasses.replace(self, request=request, alone=True)

    def answer(self, completion: Completion) -> Answer:
        """What the method gets.

        Raises ValueError, with what is wrong, for no instance of the schema; CutOff for one that
        is not whole; ContentRefused where a filter ended it. Control tokens in its texts are
        neutral.
        """
        if completion.finish_reason == "content_filter":
            step = step_name(self.request)
            raise ContentRefused(f"{step}: a filter ended the answer: {completion.text[:500]}")
        text, schema, repaired = completion.text, self.request.schema, False
        data: dict[str, Any] = {}
        if schema is not None:
            data, repaired = self._instance(completion, schema)
            text = orjson.dumps(data).decode() if repaired else text
        elif completion.finish_reason == "length" and not (self.cut and text.strip()):
            raise self._cut_off(completion)
        else:
            text = without_turn_ends(text)
            repaired = text != completion.text
        return Answer(
            text=neutral_answer(text),
            data=neutral_values(data),
            shortened=self.shortened,
            finish_reason=completion.finish_reason,
            reasoning=neutral_answer(completion.reasoning),
            token_ids=completion.token_ids,
            logprobs=completion.logprobs,
            repaired=repaired,
        )

    def _instance(
        self, completion: Completion, schema: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        cut = completion.finish_reason == "length"
        try:
            return read_instance(completion.text, schema, cut)
        except ValueError as error:
            if cut or self._at_limit(completion):
                raise self._cut_off(completion) from None
            if not completion.text.strip():
                thought = " beside what was thought" if completion.reasoning else ""
                raise ValueError(f"there is no answer{thought}") from error
            raise

    def _at_limit(self, completion: Completion) -> bool:
        """Whether an answer took all the tokens that it may, whatever its endpoint says of it."""
        return self.alone and 0 < self._limit() <= completion.usage.completion_tokens

    def _limit(self) -> int:
        """Tokens that an answer may have; 0 where nothing says it."""
        limits = (self.request.sampling.get(key) for key in TOKEN_LIMITS)
        return next((limit for limit in limits if type(limit) is int), 0)

    def _cut_off(self, completion: Completion) -> CutOff:
        limit, usage = self._limit(), completion.usage
        tokens = limit or (usage.completion_tokens if self.alone else 0)
        at = f"at {tokens:,} tokens" if tokens else "at a limit that nobody tells"
        whose = "max_tokens" if limit else "the endpoint's own limit, none is set"
        said = f"the answer was cut off {at} ({whose})"
        if not completion.text.strip() and (completion.reasoning or usage.reasoning_tokens):
            said += ", what was thought took all of them"
        elif usage.reasoning_tokens:
            said += f", {usage.reasoning_tokens:,} of them are what was thought"
        return CutOff(said, tokens, bool(completion.reasoning or usage.reasoning_tokens))
