"""The licence of a row and of a dataset: the most restrictive of what it holds.

Names are SPDX identifiers (https://spdx.org/licenses). The rule is that of the OTDI dataset
specification 0.1.7: no laxer than the most restrictive licence upstream.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

UNKNOWN = "unknown"
# The licence of machine-made text that holds none of its seeds' text.
OWN = "CDLA-Permissive-2.0"
# From the laxest to the most restrictive; each may be passed on under any later one. A work that
# mixes them takes the last. BY-SA 3.0 lets adaptations move up to 4.0, and not back.
_LATTICE = (
    "CC0-1.0",
    OWN,
    "MIT",
    "Apache-2.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
)
LICENSE_NAMES = {
    "CC0-1.0": "CC0 1.0 Universal",
    OWN: "Community Data License Agreement - Permissive 2.0",
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "CC-BY-3.0": "Creative Commons Attribution 3.0",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "CC-BY-SA-3.0": "Creative Commons Attribution-ShareAlike 3.0",
    "CC-BY-SA-4.0": "Creative Commons Attribution-ShareAlike 4.0 International",
}


def join(licenses: Iterable[str]) -> str:
    """The licence of a work that contains works of these: the most restrictive one.

    OWN where there are none. UNKNOWN where one is missing ("") or not in the lattice: nothing may
    be presumed of it. The join of a semilattice: order, repeats and grouping do not matter.

    >>> join(["CC-BY-SA-4.0", "CC0-1.0", "CC-BY-4.0"])
    'CC-BY-SA-4.0'
    >>> join(["CC-BY-4.0", "CC-BY-NC-4.0"])
    'unknown'
    """
    names = set(licenses) or {OWN}
    if not names <= set(_LATTICE):
        return UNKNOWN
    return max(names, key=_LATTICE.index)


def record_license(row: Mapping[str, Any]) -> str:
    """The licence of one row: that of its seeds where it holds their text.

    Of a sample its column `query_seed_text` tells whether it does; a record of another kind is
    taken to hold something of them.

    >>> record_license({"query_seed_text": "Tea is ...", "seeds": [{"license": "CC-BY-4.0"}]})
    'CC-BY-4.0'
    >>> record_license({"query_seed_text": ""})
    'CDLA-Permissive-2.0'
    """
    if not row.get("query_seed_text", "?"):
        return OWN
    return join(seed["license"] for seed in row["seeds"])
