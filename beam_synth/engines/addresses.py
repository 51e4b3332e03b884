"""Several addresses of one model: each call goes to the one with the fewest in flight."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence

from beam_synth.errors import Transient

_REST = 0.5  # seconds after a first failure; doubles with each further one in a row
_LONGEST_REST = 30.0


class Addresses:
    """Base URLs that share the load.

    One that fails rests, so that its quick failures do not draw the calls of the others; where all
    rest, the one that wakes first is asked. Belongs to one event loop: nothing is locked.
    `clock` gives seconds.

    >>> addresses = Addresses(["http://first/v1/", "http://second/v1"])
    >>> with addresses.chosen() as busy, addresses.chosen() as other:
    ...     print(busy, other)
    http://first/v1 http://second/v1
    """

    def __init__(self, urls: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.urls = [url.rstrip("/") for url in urls]
        self._clock = clock
        self._in_flight = dict.fromkeys(self.urls, 0)
        self._failures = dict.fromkeys(self.urls, 0)  # in a row
        self._rests_until = dict.fromkeys(self.urls, 0.0)

    @contextlib.contextmanager
    def chosen(self) -> Iterator[str]:
        """The address for one call, the one with the fewest in flight among those awake.

        How the block ends says how the address is: after a Transient it rests for 0.5 s, doubled
        with each further failure in a row, at most 30 s. The exception goes on.
        """
        url = self._choose()
        self._in_flight[url] += 1
        try:
            yield url
            self._failures[url] = 0
        except Transient:
            if self._clock() >= self._rests_until[url]:  # calls that fail together count once
                rest = min(_LONGEST_REST, _REST * 2.0 ** self._failures[url])
                self._rests_until[url] = self._clock() + rest
                self._failures[url] += 1
            raise
        finally:
            self._in_flight[url] -= 1

    def _choose(self) -> str:
        if len(self.urls) == 1:
            return self.urls[0]
        now = self._clock()
        awake = [url for url in self.urls if self._rests_until[url] <= now]
        if awake:
            return min(awake, key=self._in_flight.__getitem__)
        return min(self.urls, key=self._rests_until.__getitem__)
