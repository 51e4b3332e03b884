"""What a rule of the embedded engine is: from a request's variables to the fields of its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from beam_synth.rule_engine.languages import Language

# Field -> value, as the request's JSON schema asks for them.
AnswerFields = dict[str, Any]

# (variables of the template, wordings of their language, method, seed of the request) -> fields.
# A rule raises Rejected where it cannot do what is asked.
Rule = Callable[[Mapping[str, Any], Language, str, int], AnswerFields]
