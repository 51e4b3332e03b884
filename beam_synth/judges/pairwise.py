"""A judge's word on a sample, asked for twice with what it chooses between in either order.

Judges favour what stands first (MT-Bench, section 3.3): a verdict counts if both orders give it.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from beam_synth.checks import Check, require
from beam_synth.engines.ports import Port
from beam_synth.records import Sample

TEMPLATE = "judge/verdict"
CALLS = 2  # a sample
FITS, FAILS = "fits", "fails"
_LETTERS = ("A", "B")
_EXAMPLE: dict[str, Any] = {
    "exercise": "memorization",
    "language": "en",
    "turns": [{"role": "user", "content": "Who designed the bridge?"}],
    "reasoning": "the bridge → Clara Vogt",
    "answer": "Clara Vogt designed it.",
    "material": "The bridge was designed by Clara Vogt.",
    "constraints": [{"name": "style", "value": "direct"}],
    "order": [FITS, FAILS],
}
EXAMPLES = (  # of the template's variables
    _EXAMPLE,
    {**_EXAMPLE, "material": "", "constraints": [], "order": [FAILS, FITS]},
)
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rationale": {"type": "string"},
        "verdict": {"type": "string", "enum": list(_LETTERS)},
    },
    "required": ["rationale", "verdict"],
    "additionalProperties": False,
}


async def judged(sample: Sample, judge: Port) -> Sample:
    """The sample with the judge's check, which records both verdicts and the first rationale.

    Two calls of the port `judge`, with the template `judge/verdict` and a JSON schema.

    Raises Rejected: judge_rejects where both orders find that it fails, judge_disagrees where
    the order decides.
    """
    material = {
        "exercise": sample.exercise,
        "language": sample.language,
        "turns": [dict(turn) for turn in sample.messages[:-1]],
        "reasoning": sample.reasoning,
        "answer": sample.answer,
        "material": sample.query_seed_text,
        "constraints": [dict(item) for item in sample.constraint_list],
    }
    verdicts, reasons = [], []
    for order in ((FITS, FAILS), (FAILS, FITS)):
        answer = await judge.ask(TEMPLATE, {**material, "order": list(order)}, _SCHEMA)
        verdicts.append(order[_LETTERS.index(answer.data["verdict"])])
        reasons.append(str(answer.data["rationale"]).strip()[:200])
    records = require([_check(verdicts, reasons)])
    return dataclasses.replace(sample, checks=(*sample.checks, *records))


def _check(verdicts: list[str], reasons: list[str]) -> Check:
    agree = verdicts[0] == verdicts[1]
    return Check(
        name="judge",
        passed=agree and verdicts[0] == FITS,
        score=verdicts.count(FITS) / len(verdicts),
        detail=f"{', '.join(verdicts)}: {reasons[0]}",
        reason="judge_rejects" if agree else "judge_disagrees",
        kind="judge",
    )
