"""The mixture of a job as planning needs it: methods by round, their shares, rates by language."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from beam_synth.errors import Refused, nearest
from beam_synth.generation.rounds import makers_of, rounds_of
from beam_synth.generation.serving import served_languages, why_not
from beam_synth.job.schema import Job
from beam_synth.methods.declaration import Method
from beam_synth.methods.loading import load_methods
from beam_synth.methods.seeds import PASSAGE, Start

GIVEN = ""  # stands for the method of records that the job itself brings

# English four fifths of the tasks, every other language of the articles its part of the rest.
SYNTH_LANGUAGES = {"en": 0.8, "*": 0.2}


@dataclasses.dataclass(frozen=True)
class Share:
    """One method of the mixture, as far as planning needs it."""

    method: str  # its name in the job
    weight: float  # above 0; weights need not sum to 1
    revision: int  # part of the ids of its tasks
    neighbors: int  # that a task gets at most; 0: none
    start: Start = PASSAGE
    round: int = 0
    makers: tuple[str, ...] = ()  # methods whose records it starts from
    listed: bool = False  # its `tasks` says what each seed gets; the weight counts for limits only
    languages: tuple[str, ...] | None = None  # that it can have tasks in; None: any
    prose: bool = False  # whether a passage that is no prose gives it no tasks

    def serves(self, language: str) -> bool:
        """Whether it can have tasks in a language."""
        return self.languages is None or language in self.languages

    @property
    def of_units(self) -> bool:
        """Whether it is planned over the text of an article, section by section or as a whole, or
        its `tasks` looks at the text."""
        return self.start.kind == "passage" and (self.listed or self.start.unit != "passage")

    @property
    def of_passages(self) -> bool:
        """Whether each passage by itself gets tasks of it; a problem's are numbered by passages."""
        return self.start.kind == "problem" or self.start == PASSAGE


class TokenBudget(NamedTuple):
    """How many of the tasks that a method lists are run."""

    method: str
    tokens: int  # that they may write together, as the job says
    tasks: int  # that is so many tasks, by what the method declares of one


@dataclasses.dataclass(frozen=True)
class PlanConfig:
    """What planning depends on: two runs with equal ones plan the same tasks for a passage.

    >>> chat = Share("chat", 0.2, 1, 0, Start("record", config="samples"), 1, ("rag",))
    >>> config = PlanConfig(1, (Share("rag", 0.8, 1, 2), chat), 2.0, None, 8)
    >>> config.following, config.limits(100)
    (0.25, [80, 20])
    """

    seed: int  # the run's
    shares: tuple[Share, ...]  # by method name
    per_passage: float  # tasks a passage, over all methods and rounds
    languages: tuple[str, ...] | None  # None: all
    task_buckets: int  # ranges of task ids that tasks are sorted into
    language_shares: tuple[tuple[str, float], ...] = ()  # of the tasks; "*" is every other one
    budgets: tuple[TokenBudget, ...] = ()  # of methods that list their tasks
    keep_left_out: bool = False  # whether each passage that gets no task has a reject

    @classmethod
    def of_job(cls, job: Job, task_buckets: int) -> PlanConfig:
        """From a job.

        Raises Refused where a method of the mixture cannot be loaded, starts from what nothing
        makes, two of them wait for each other, or none can serve a language that is asked for.
        """
        methods = load_methods(job.mixture)
        given = ("instructions",) if job.instructions else ()
        rounds = rounds_of(methods, given)
        shares = [
            Share(
                name,
                job.mixture[name],
                method.revision,
                method.neighbors,
                method.starts_from,
                rounds[name],
                _makers(method, methods, given),
                method.tasks is not None,
                served_languages(job, method),
                method.prose,
            )
            for name, method in sorted(methods.items())
        ]
        asked = job.languages
        config = cls(
            seed=job.seed,
            shares=tuple(shares),
            per_passage=job.tasks.per_passage,
            languages=None if isinstance(asked, str) or "*" in asked else tuple(asked),
            task_buckets=task_buckets,
            language_shares=_language_shares(asked),
            budgets=_budgets(job, methods),
            keep_left_out=job.tasks.keep_left_out,
        )
        _refuse_unserved(job, config, methods)
        return config

    def asks(self, language: str) -> bool:
        """Whether the job's languages name it, or leave none out."""
        named = [code for code, _ in self.language_shares]
        return (self.languages is None or language in self.languages) and (
            not named or language in named or "*" in named
        )

    def serves(self, language: str) -> bool:
        """Whether a method of the first round can have tasks in a language."""
        return any(share.serves(language) for share in self.of_round(0))

    @property
    def wanted_languages(self) -> tuple[str, ...] | None:
        """Those that are asked for and served; None: all.

        >>> shares = (Share("a", 1, 1, 0, languages=("en", "fr")),)
        >>> PlanConfig(1, shares, 1.0, ("fr", "ja"), 8).wanted_languages
        ('fr',)
        """
        bounds = [share.languages for share in self.of_round(0)]
        if None in bounds:
            return self.languages
        served = sorted({code for codes in bounds for code in codes or ()})
        return tuple(code for code in served if self.languages is None or code in self.languages)

    @property
    def rounds(self) -> int:
        """Number of rounds, 1 where no method starts from what another one makes."""
        return 1 + max(share.round for share in self.shares)

    def budgets_of_round(self, number: int) -> list[TokenBudget]:
        """The token budgets of a round's methods."""
        names = {share.method for share in self.of_round(number)}
        return [budget for budget in self.budgets if budget.method in names]

    def of_round(self, number: int) -> tuple[Share, ...]:
        """The methods of a round, by name; rounds are numbered from 0."""
        return tuple(share for share in self.shares if share.round == number)

    @property
    def plans_passages(self) -> bool:
        """Whether passages get tasks by themselves in the first round."""
        return any(share.of_passages and not share.listed for share in self.of_round(0))

    @property
    def plans_given(self) -> tuple[Share, ...]:
        """Methods that start from the job's own instructions in the first round."""
        return tuple(share for share in self.of_round(0) if share.start.is_made)

    @property
    def scale(self) -> float:
        """Weight of the methods whose tasks are drawn first of all, over passages, else over units;
        0 where none are drawn so, or lists of tasks stand among them."""
        first = [share for share in self.of_round(0) if not share.start.is_made]
        if self.plans_passages:
            first = [share for share in first if share.of_passages and not share.listed]
        return 0.0 if any(share.listed for share in first) else total_weight(first)

    @property
    def plans_units(self) -> bool:
        """Whether sections or articles get tasks in the first round, or seeds with listed ones."""
        return any(share.start.kind == "passage" and share.of_units for share in self.of_round(0))

    @property
    def following(self) -> float:
        """Tasks of later rounds that are drawn by weight, for each one of the first."""
        return self.still_following(0)

    def still_following(self, number: int) -> float:
        """Tasks of the rounds after this one that are drawn by weight, for each one until then."""
        later = [share for share in self.shares if share.round > number and not share.listed]
        before = [share for share in self.shares if share.round <= number]
        return total_weight(later) / total_weight(before)

    def limits(self, limit: int | None) -> list[int | None]:
        """How many of `limit` tasks each round may have, by weight; None where there is no limit.

        The first has one at least.
        """
        if limit is None:
            return [None] * self.rounds
        weights = [total_weight(self.of_round(number)) for number in range(self.rounds)]
        following = sum(weights[1:]) / weights[0]
        parts: list[int | None] = [max(1, round(limit / (1 + following)))]
        left, weight = limit - (parts[0] or 0), sum(weights[1:])
        for own in weights[1:]:
            part = round(left * own / weight)
            parts.append(part)
            left, weight = left - part, weight - own
        return parts


def _refuse_unserved(job: Job, config: PlanConfig, methods: Mapping[str, Method]) -> None:
    """Raise Refused where each method that starts the run is left without a language."""
    named = config.languages or tuple(code for code, _ in config.language_shares)
    asked = [] if "*" in named else [code for code in named if config.asks(code)]
    first = config.of_round(0)
    if any(share.languages != () for share in first) and (
        not asked or any(map(config.serves, asked))
    ):
        return
    of_first = [methods[share.method] for share in first]
    if asked:
        what = f"nothing in the mixture can serve {' or '.join(asked)}"
        raise Refused(f"languages: {what}: {why_not(job, of_first, asked[0])}")
    names = ", ".join(share.method for share in first)
    raise Refused(f"mixture: no language can be served in {names}: {why_not(job, of_first, '')}")


def total_weight(shares: Sequence[Share]) -> float:
    """Sum of the weights of some methods."""
    return sum(share.weight for share in shares)


def _budgets(job: Job, methods: Mapping[str, Method]) -> tuple[TokenBudget, ...]:
    budgets = []
    for name, tokens in sorted(job.tasks.budget.items()):
        if name not in methods:
            raise Refused(
                f"tasks.budget: {name!r} is no method of the mixture{nearest(name, methods)}"
            )
        method = methods[name]
        if method.tasks is None or method.tokens < 1:
            raise Refused(
                f"tasks.budget: {name!r} does not list its tasks with their tokens (`tasks` and "
                "`tokens` of its declaration); its weight in the mixture says how many it gets"
            )
        if tokens < method.tokens:
            raise Refused(
                f"tasks.budget: {name!r} may write {tokens:,} tokens, but one task of it writes "
                f"about {method.tokens:,}"
            )
        budgets.append(TokenBudget(name, tokens, tokens // method.tokens))
    functions = [budget.method.rpartition(":")[2] for budget in budgets]
    for function in {name for name in functions if functions.count(name) > 1}:
        raise Refused(f"tasks.budget: two methods are called {function!r}; rename one")
    return tuple(budgets)


def _makers(method: Method, methods: Mapping[str, Method], given: Sequence[str]) -> tuple[str, ...]:
    made = makers_of(method, methods.values())
    start = method.starts_from
    return (GIVEN, *made) if start.is_made and start.config in given else made


def _language_shares(
    asked: str | Sequence[str] | Mapping[str, float],
) -> tuple[tuple[str, float], ...]:
    if asked == "synth":
        return tuple(SYNTH_LANGUAGES.items())
    return tuple(asked.items()) if isinstance(asked, Mapping) else ()


def rates(passages: Mapping[str, int], config: PlanConfig) -> dict[str, float]:
    """Tasks a passage by language, from the number of passages in each.

    All tasks together are `per_passage` times the passages of the languages that are asked for;
    shares of languages that have no passage fall to the others. A language that is not asked for,
    that no method serves, or whose share is 0, has no rate.

    >>> every = (Share("a", 1, 1, 0),)
    >>> config = PlanConfig(1, every, 2.0, None, 8, language_shares=(("en", 0.75), ("*", 0.25)))
    >>> rates({"en": 10, "fr": 10, "de": 10}, config)
    {'de': 0.75, 'en': 4.5, 'fr': 0.75}
    """
    asked = {
        code: n
        for code, n in sorted(passages.items())
        if n and (config.languages is None or code in config.languages) and config.serves(code)
    }
    if not config.language_shares:
        return dict.fromkeys(asked, config.per_passage)
    named = dict(config.language_shares)
    others = sum(n for code, n in asked.items() if code not in named)
    share = {
        code: named[code] if code in named else named.get("*", 0.0) * n / others
        for code, n in asked.items()
    }
    whole = config.per_passage * sum(asked.values()) / (sum(share.values()) or 1.0)
    return {code: whole * share[code] / n for code, n in asked.items() if share[code]}
