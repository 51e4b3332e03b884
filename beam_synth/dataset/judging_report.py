"""What the judges of a run said, for metrics, report and card; and who they were, or why nobody."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from beam_synth.dataset.judging_doubts import both_orders, judging_doubts
from beam_synth.generation.who_judges import who_judged
from beam_synth.judges.agreement import Agreement, agreement
from beam_synth.judges.rubrics import QUESTIONS
from beam_synth.judges.verdicts import AUDITOR, JUDGE, SAID

_PASSES = "passes"


def what_judges_said(measures: Mapping[str, int]) -> dict[str, Any]:
    """What judges said, from addends as `judging_figures` gives them (without their prefix).

    By role (judge, auditor): asked, passes, fails, disagrees, malformed, refuses, pass_rate,
    by_method, failed_questions and orders (as `both_orders`); "auditor_agreement" (judge by
    auditor) and "formal_agreement" (checks by judge): table, asked, equal and kappa. Parts of which
    nothing is known are left out.

    >>> found = what_judges_said({"said|judge|rag|passes": 3, "said|judge|rag|fails": 1})
    >>> found["judge"]["asked"], found["judge"]["pass_rate"]
    (4, 0.75)
    """
    found: dict[str, Any] = {}
    for role in (JUDGE, AUDITOR):
        of_role = _of_role(measures, role)
        if of_role["asked"]:
            counts = (_counted(measures, kind, role) for kind in ("orders", "words"))
            found[role] = {**of_role, "orders": both_orders(*counts)}
    for name, key in (("auditor_agreement", "both"), ("formal_agreement", "formal")):
        table = _table(measures, key)
        if table:
            found[name] = {"table": table, **_agreeing(table)}
    return found


def _of_role(measures: Mapping[str, int], role: str) -> dict[str, Any]:
    said: dict[str, int] = dict.fromkeys(SAID, 0)
    methods: dict[str, dict[str, int]] = {}
    failed: dict[str, int] = {}
    for key, n in sorted(measures.items()):
        kind, *names = key.split("|")
        if kind == "said" and names[0] == role:
            said[names[2]] += n
            methods.setdefault(names[1], {})[names[2]] = n
        elif kind == "failed" and names[0] == role:
            failed[names[1]] = n
    asked = sum(said.values())
    rate = round(said[_PASSES] / asked, 4) if asked else 0.0
    worst = dict(sorted(failed.items(), key=lambda item: (-item[1], item[0])))
    return {
        "asked": asked,
        **said,
        "pass_rate": rate,
        "by_method": methods,
        "failed_questions": worst,
    }


def _counted(measures: Mapping[str, int], kind: str, role: str) -> dict[str, int]:
    """Counts of a role by what is left of their names."""
    start = f"{kind}|{role}|"
    return {k.removeprefix(start): n for k, n in sorted(measures.items()) if k.startswith(start)}


def _table(measures: Mapping[str, int], kind: str) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for key, n in sorted(measures.items()):
        name, *said = key.split("|")
        if name == kind:
            table.setdefault(said[0], {})[said[1]] = n
    return table


def _agreeing(table: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Agreement of a table, where whatever is no pass counts as none."""
    counts: dict[tuple[bool, bool], int] = {}
    for first, row in table.items():
        for second, n in row.items():
            said = (first in (_PASSES, "passed"), second == _PASSES)
            counts[said] = counts.get(said, 0) + n
    found = agreement(counts) or Agreement(0, 0.0, None)
    return {"asked": found.things, "equal": found.equal, "kappa": found.kappa}


# ---------------------------------------------------------------- in words


def judging_words(context: Mapping[str, Any], judging: Mapping[str, Any]) -> str:
    """Some sentences about who judged the samples, of what, and how far one may trust that.

    Args:
        context: `job`, as the manifest describes it.
        judging: as `what_judges_said` gives it.
    """
    job = context["job"]
    by = who_judged(job)
    if by not in _JUDGED:
        return _NOBODY[by]
    models = job["models"]
    name = _names(models.get("judge" if by == "judge" else "generator", {}))
    words = [_JUDGED[by].format(name=name)]
    if "judge" not in judging:
        return f"{words[0]} No sample came before it."
    words.append(_rates(judging["judge"]))
    if "formal_agreement" in judging:
        words.append(_formal(judging["formal_agreement"]))
    if "auditor" in judging:
        auditor = _names(models.get("auditor", {}))
        words.append(
            f"An auditor ({auditor}) looked at a drawn share. {_rates(judging['auditor'])}"
        )
    if "auditor_agreement" in judging:
        both = judging["auditor_agreement"]
        words.append(f"Judge and auditor agree on {_agreed(both)}.")
    doubts = judging_doubts(judging)
    words += [f"Doubtful: {line}." for line in doubts]
    return " ".join(words)


_TWICE = (
    "each sample that passed the formal checks, asked twice, by the questions of its method and in "
    "two orders; only what holds in both is in the dataset."
)
_JUDGED = {
    "judge": f"A judge ({{name}}) looked at {_TWICE}",
    "generator": f"The model that wrote the samples ({{name}}) looked itself at {_TWICE} Models "
    "find their own texts better than they are.",
}
_UNSEEN = (
    "What no program can tell (roles that are swapped, a meaning that is turned round, a query "
    "that is not really ambiguous) was looked for by nobody."
)
_NOBODY = {
    "off": f"No judge looked at the samples: the job switched it off (`judge: off`). {_UNSEEN}",
    "nobody": f"No judge looked at the samples: the job names none. {_UNSEEN}",
    "rules": "No judge looked at the samples: rules wrote them, and the job has no model that "
    "could be asked.",
}


def _names(role: Mapping[str, Any]) -> str:
    """The models of a role, as a manifest has them."""
    pool = role.get("pool", [role])
    return ", ".join(f"`{model.get('model') or model.get('engine', '')}`" for model in pool)


def _rates(said: Mapping[str, Any]) -> str:
    others = [f"{said[name]:,} {_SAID[name]}" for name in SAID[1:] if said[name]]
    rest = f"; of the others {', '.join(others)}" if others else ""
    orders = said.get("orders", {})
    twice = (
        f" In both orders it said the same of {orders['alike']:.0%} of the samples and of "
        f"{orders['equal']:.0%} of the questions."
        if orders
        else ""
    )
    return f"Of {said['asked']:,} it let {said['pass_rate']:.1%} pass{rest}.{twice}"


_SAID = {
    "fails": "fail",
    "disagrees": "change with the order",
    "malformed": "got a word that could not be read",
    "refuses": "were refused",
}


def _agreed(found: Mapping[str, Any]) -> str:
    kappa = "" if found["kappa"] is None else f" (Cohen's kappa {found['kappa']:.2f})"
    return f"{found['equal']:.1%} of {found['asked']:,}{kappa}"


def _formal(found: Mapping[str, Any]) -> str:
    table = found["table"]
    parts = []
    for name, words in (("passed", "passed"), ("failed", "failed")):
        row = table.get(name, {})
        if n := sum(row.values()):
            parts.append(f"{row.get(_PASSES, 0) / n:.1%} of {n:,} that {words} all checks")
    said = " and ".join(parts).replace("failed all checks", "failed one")
    return (
        f"In a drawn share of the tasks it was also asked about what checks turned down: it let "
        f"{said} pass, and agrees with them on {_agreed(found)}."
    )


# ---------------------------------------------------------------- in tables


def judging_html(judging: Mapping[str, Any]) -> str:
    """Tables for the report: what was said by method, and which questions failed."""
    parts = []
    for role in (JUDGE, AUDITOR):
        if role not in judging:
            continue
        said = judging[role]
        rows = [(role, said), *sorted(said["by_method"].items())]
        head = "".join(f'<th class="n">{name}</th>' for name in ("asked", *SAID))
        body = "".join(_row(name, values) for name, values in rows)
        parts.append(f"<table><tr><th>{role}</th>{head}</tr>{body}</table>")
        if said["failed_questions"]:
            parts.append(_questions(said["failed_questions"]))
    return "".join(parts)


def _row(name: str, said: Mapping[str, Any]) -> str:
    numbers = [said.get(each, 0) for each in SAID]
    cells = "".join(f'<td class="n">{n:,}</td>' for n in (sum(numbers), *numbers))
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _questions(failed: Mapping[str, int]) -> str:
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="n">{n:,}</td>'
        f"<td>{escape(QUESTIONS.get(name, ''))}</td></tr>"
        for name, n in failed.items()
    )
    return f'<table><tr><th>question</th><th class="n">no</th><th>meaning</th></tr>{rows}</table>'
