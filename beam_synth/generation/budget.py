"""What a run has spent, over all workers and attempts, and whether it may spend more.

`_spent/<attempt>-<worker>.json`, one a worker process: what its calls took, written at each flush.
The accounts in metrics.json come from the outcomes; this also counts calls whose task did not end.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

import orjson

from beam_synth.engines.base import Usage
from beam_synth.errors import Stopped
from beam_synth.generation.stopping import Stop
from beam_synth.job.schema import Budget, Price
from beam_synth.storage import layout
from beam_synth.storage.files import RunFolder

_NANO = 1000  # a price is for 10**6 tokens: tokens x price x 1000 are 10**-9 of its currency
# Part of what is left that all workers together may spend before each looks at the others again.
_BETWEEN_LOOKS = 8
BUDGET_STOP = "budget"  # the reason of a stop


@dataclasses.dataclass
class Spent:
    """Calls and tokens by model's name, of one worker or of several; sums with `+=`.

    >>> spent = Spent(Counter(m=1), prompt_tokens=Counter(m=900), completion_tokens=Counter(m=100))
    >>> spent += Spent(Counter(m=1), prompt_tokens=Counter(m=500), in_flight=1)
    >>> spent.calls["m"], spent.tokens, spent.in_flight
    (2, 1500, 1)
    """

    calls: Counter[str] = dataclasses.field(default_factory=Counter)  # sent, answered or not
    prompt_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    completion_tokens: Counter[str] = dataclasses.field(default_factory=Counter)
    in_flight: int = 0  # calls that were sent and are not over

    @property
    def tokens(self) -> int:
        """Tokens of prompts and completions, over all models."""
        return self.prompt_tokens.total() + self.completion_tokens.total()

    def cost(self, prices: Mapping[str, Price]) -> float:
        """In the currency of the prices; a model without a price costs nothing."""
        nano = sum(
            nano_cost(prices.get(name), self.prompt_tokens[name], self.completion_tokens[name])
            for name in self.calls
        )
        return nano / 1e9

    def __iadd__(self, other: Spent) -> Spent:
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.in_flight += other.in_flight
        return self

    def encode(self) -> bytes:
        """The bytes of a worker's file: JSON with sorted keys."""
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def decode(cls, data: bytes) -> Spent:
        """What `encode` wrote. Raises ValueError for anything else.

        >>> Spent.decode(Spent(in_flight=2).encode()).in_flight
        2
        """
        try:
            fields = orjson.loads(data)
            counters = {name: Counter(fields[name]) for name in _COUNTERS}
            return cls(**counters, in_flight=int(fields["in_flight"]))
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise ValueError(f"not an account of what was spent: {error!r}") from None


_COUNTERS = ("calls", "prompt_tokens", "completion_tokens")


def nano_cost(price: Price | None, prompt_tokens: int, completion_tokens: int) -> int:
    """Cost in 10**-9 of the price's currency; whole numbers, so that sums do not depend on order.

    0 without a price. A price is for 10**6 tokens.

    >>> nano_cost(Price(prompt=2.0, completion=10.0), prompt_tokens=1000, completion_tokens=500)
    7000000
    """
    if price is None:
        return 0
    return round(_NANO * (prompt_tokens * price.prompt + completion_tokens * price.completion))


def spenders(run: RunFolder) -> list[str]:
    """Names `<attempt>-<worker>` of all workers that have a file, of every attempt."""
    return [
        name.rpartition("/")[2].removesuffix(".json") for name, _ in run.match(layout.SPENT_FILES)
    ]


def read_spent(run: RunFolder, workers: Iterable[str] | None = None) -> Spent:
    """The sum over the workers' files (all of the run's where None).

    A file that is damaged or gone counts as nothing.
    """
    total = Spent()
    for worker in spenders(run) if workers is None else workers:
        try:
            total += Spent.decode(run.read(layout.spent_path(worker)))
        except (OSError, ValueError):
            continue
    return total


def _batch_name(key: str) -> str:
    return f"batch-{key}"


class Ledger:
    """One worker's account, and the gate that each of its calls passes.

    Between two looks at the others' files a worker sends no more than a share of what is left,
    at least `window` calls: a run goes at most workers x window calls over its budget, one with a
    single worker over none that is counted in calls.

    Args:
        run: folder of the run.
        worker: `<attempt>-<worker>`, the name of its file.
        stop: tripped when the budget is spent.
        budget: bounds on calls, tokens and cost of the whole run, over all attempts.
        prices: by model's name.
        window: calls that are in flight at once.

    Belongs to the event loop that first waits in `admit`.
    """

    def __init__(
        self,
        run: RunFolder,
        worker: str,
        stop: Stop,
        budget: Budget,
        prices: Mapping[str, Price],
        window: int,
    ) -> None:
        self.own = Spent()
        self._run = run
        self._worker = worker
        self._stop = stop
        self._budget = budget
        self._prices = prices
        self._window = window
        self._bounded = budget != Budget()
        self._others = Spent()
        self._batches: dict[str, Spent] = {}  # of batches that this worker knows, by name of file
        self._gathered: Counter[str] = Counter()  # admitted, and in no batch by now
        self._left = 0  # calls until the next look
        self._looking = asyncio.Lock()
        self._written = b""

    async def admit(self, model: str) -> None:
        """Count a call that is about to be sent.

        Reads the other workers' files now and then, in a thread. Raises Stopped, with the key of
        the budget in its message, when the budget is spent.
        """
        await self._pass()
        self.own.calls[model] += 1
        self.own.in_flight += 1

    async def _pass(self) -> None:
        """Let one call pass the gate. Raises Stopped when the budget is spent."""
        if not self._bounded:
            return
        if self._left <= 0:
            async with self._looking:
                if self._left <= 0:
                    await asyncio.to_thread(self._look)
        over = self._over()
        if over:
            self._stop.trip(BUDGET_STOP, over)
            raise Stopped(over)
        self._left -= 1

    def returned(self) -> None:
        """A call that was admitted is over, however it ended."""
        self.own.in_flight -= 1

    def record(self, model: str, usage: Usage) -> None:
        """Count the tokens of an answer, as the endpoint told them."""
        self.own.prompt_tokens[model] += usage.prompt_tokens
        self.own.completion_tokens[model] += usage.completion_tokens

    # -------------------------------------------------------- batches of a service

    async def admit_batched(self, model: str) -> None:
        """Count a request that is about to be gathered for a batch. Raises Stopped as `admit`."""
        await self._pass()
        self._gathered[model] += 1

    def withdraw(self, model: str, requests: int = 1) -> None:
        """Requests that were admitted are not sent."""
        self._gathered[model] -= requests

    async def batch(
        self, key: str, model: str, requests: int, usage: Usage, gathered: bool = False
    ) -> None:
        """Write what a batch took: a file of its own, so that it counts once, whoever sent it and
        whoever fetches it. `gathered` says that its requests were admitted here."""
        spent = Spent(
            Counter({model: requests}),
            Counter({model: usage.prompt_tokens}),
            Counter({model: usage.completion_tokens}),
        )
        name = _batch_name(key)
        async with self._looking:  # nobody sums up meanwhile
            await asyncio.to_thread(self._run.write, layout.spent_path(name), spent.encode())
            if gathered:
                self._gathered[model] -= requests
            elif name not in self._batches:
                self._left = 0  # it was another worker's by now
            self._batches[name] = spent

    async def no_batch(self, key: str) -> None:
        """There is no batch of this key, and nothing was spent on it."""
        async with self._looking:
            await asyncio.to_thread(self._run.remove, layout.spent_path(_batch_name(key)))
            self._batches.pop(_batch_name(key), None)
            self._left = 0

    def publish(self) -> None:
        """Write this worker's file, if it has something new to say."""
        counters = {name: Counter(getattr(self.own, name)) for name in _COUNTERS}
        data = Spent(**counters, in_flight=self.own.in_flight).encode()
        if data != self._written and self.own.calls:
            self._run.write(layout.spent_path(self._worker), data)
            self._written = data

    def _look(self) -> None:
        """Tell the others what was spent here, and see what they spent."""
        self.publish()
        known = {self._worker, *self._batches}
        others = [worker for worker in spenders(self._run) if worker not in known]
        self._others = read_spent(self._run, others)
        attempt = self._worker.partition("-")[0]
        workers = 1 + sum(worker.startswith(f"{attempt}-") for worker in others)
        self._left = max(self._window, int(self._calls_left() / (_BETWEEN_LOOKS * workers)))

    def _amounts(self) -> list[tuple[str, float, float]]:
        """(key of the budget, spent, allowed) of each bound that is set."""
        known = [self.own, self._others, *list(self._batches.values())]
        spent = {
            "calls": sum(each.calls.total() for each in known) + self._gathered.total(),
            "tokens": sum(each.tokens for each in known),
            "cost": sum(each.cost(self._prices) for each in known) if self._budget.cost else 0,
        }
        return [
            (key, spent[key], allowed)
            for key in spent
            if (allowed := getattr(self._budget, key)) is not None
        ]

    def _calls_left(self) -> float:
        """How many calls the tightest bound lets pass, by what a call took on average."""
        known = [self.own, self._others, *list(self._batches.values())]
        calls = sum(each.calls.total() for each in known)
        return min(
            (allowed - spent) / (spent / calls) if calls and spent else 0.0
            for _, spent, allowed in self._amounts()
        )

    def _over(self) -> str:
        for key, spent, allowed in self._amounts():
            if spent >= allowed:
                return (
                    f"the budget of {allowed:,g} {key} is spent ({spent:,.6g} {key}); go on with "
                    f"more: beam-synth resume RUN --set budget.{key}=N"
                )
        return ""
