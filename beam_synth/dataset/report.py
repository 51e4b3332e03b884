"""report.html: one self-contained page about a finished run.

It loads nothing: no script, no font, no image. All text of the run is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from beam_synth.dataset.accounts import Account, counted_alone
from beam_synth.dataset.judging_report import judging_html, judging_words
from beam_synth.dataset.surface import shown_turns
from beam_synth.methods.loading import reasons_of

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.2rem .8rem;text-align:left;
border-bottom:1px solid #ddd}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{background:#4a7;height:.6rem;display:inline-block;vertical-align:middle}
.flow td:first-child{font-weight:600}.from{color:#777;font-weight:400;font-size:.85em}
article{border:1px solid #ddd;border-radius:.4rem;padding:.2rem 1rem;margin:1rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:.6rem}
"""
_GROUPS = ("config", "exercise", "language", "method")
_SHOWN = 3000  # characters of a text of a sample


def render(
    context: Mapping[str, Any],
    accounts: Sequence[Account],
    facts: Mapping[str, Any],
    generation: Mapping[str, Any],
    samples: Iterable[Mapping[str, Any]],
    judging: Mapping[str, Any] | None = None,
) -> str:
    """The page: flow with counts, losses by reason, samples by kind, generation, some samples.

    Args:
        context: job, seed, identity and version, as in the manifest.
        accounts: of every stage, in the order of the flow; their reasons are in
            REASONS or declared by a method of the job.
        facts: numbers by group and name, as `gather` gives them.
        generation: what calls took, as `nested` gives it.
        samples: rows of any config to show, all turns; of each the first 3,000 characters.
        judging: what judges said, as `what_judges_said` gives it.
    """
    title = escape(f"{context['job']['name']}, seed {context['seed']}")
    known = reasons_of(context["job"].get("mixture", ()))
    said = judging or {}
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{_intro(context, facts)}</p>",
        "<h2>Flow</h2>" + _flow(accounts),
        "<h2>Rejected and failed</h2>" + _reasons(accounts, known),
        "<h2>Records</h2>" + "".join(_shares(facts, g) for g in _GROUPS),
        "<h2>Generation</h2>" + _generation(generation),
        f"<h2>Judging</h2><p>{escape(judging_words(context, said))}</p>{judging_html(said)}",
        "<h2>Some records</h2>" + "".join(map(_record, samples)),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _intro(context: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    kinds = ", ".join(f"{n:,} {config}" for config, n in facts.get("config", {}).items())
    words = facts.get("words", {}).get("", 0)
    return (
        f"{kinds or 'no record'}; {words:,} words. Made by beam-synth "
        f"{escape(str(context['version']))}; identity <code>{escape(context['identity'])}</code>."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], style: str = "") -> str:
    """Cells are HTML; all columns but the first are numbers unless they begin with a tag."""

    def cells(tag: str, row: Sequence[str]) -> str:
        marks = [
            "" if i == 0 or cell.startswith("<") else ' class="n"' for i, cell in enumerate(row)
        ]
        return "".join(f"<{tag}{m}>{c}</{tag}>" for m, c in zip(marks, row, strict=True))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<table class="{style}"><tr>{cells("th", head)}</tr>{body}</table>'


def _flow(accounts: Sequence[Account]) -> str:
    rows = [
        (
            escape(a.name)
            + (f' <span class="from">from {escape(", ".join(a.sources))}</span>' * bool(a.sources)),
            f"{a.entered:,}",
            f"{a.passed:,}",
            f"{sum(a.rejected.values()):,}",
            f"{sum(a.failed.values()):,}",
            f"{a.out:,}",
        )
        for a in accounts
    ]
    return _table(("stage", "in", "passed", "rejected", "failed", "out"), rows, "flow")


def _reasons(accounts: Sequence[Account], reasons: Mapping[str, str]) -> str:
    rows = [
        (escape(a.name), f"{n:,}", f"<span>{escape(reason)}</span>", f"<span>{meaning}</span>")
        for a in accounts
        for reason, n in sorted({**a.rejected, **a.failed}.items(), key=lambda i: (-i[1], i[0]))
        for meaning in [escape(reasons[reason])]
    ]
    head = ("stage", "records", "<span>reason</span>", "<span>meaning</span>")
    if not rows:
        return "<p>Nothing was rejected.</p>"
    alone = escape(counted_alone(accounts))
    return _table(head, rows) + f"<p>{alone}</p>" * bool(alone)


def _shares(facts: Mapping[str, Any], group: str) -> str:
    values = facts.get(group, {})
    total = sum(values.values()) or 1
    rows = [
        (
            escape(name),
            f"{n:,}",
            f"{n / total:.1%}",
            f'<span class="bar" style="width:{12 * n / total:.2f}rem"></span>',
        )
        for name, n in sorted(values.items(), key=lambda item: (-item[1], item[0]))
    ]
    return _table((group, "records", "share", "<span></span>"), rows)


def _generation(generation: Mapping[str, Any]) -> str:
    """A row for the total, then one for each method, language, model and step."""
    if "total" not in generation:
        return "<p>No call was made.</p>"
    measures = sorted(key for key, n in generation["total"].items() if not isinstance(n, Mapping))
    named = [("all", generation["total"])]
    for group, by_name in generation.items():
        if group != "total":
            kind = group.removeprefix("by_")
            named += [(f"{kind} {name}", values) for name, values in by_name.items()]
    rows = [(escape(name), *(f"{values.get(m, 0):,}" for m in measures)) for name, values in named]
    return _table(("of", *(m.replace("_", " ") for m in measures)), rows)


def _record(row: Mapping[str, Any]) -> str:
    seeds = "; ".join(f"{seed['title']} ({seed['role']})" for seed in row["seeds"])
    texts = "".join(
        f"<h4>{escape(role)}</h4><pre>{escape(_cut(text))}</pre>" for role, text in shown_turns(row)
    )
    return (
        f"<article><h3>{escape(row['exercise'])}, {escape(row['language'])}</h3>"
        f"<p>from {escape(seeds)}; model {escape(row['model'])}</p>{texts}</article>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} … ({len(text):,} characters in all)"
