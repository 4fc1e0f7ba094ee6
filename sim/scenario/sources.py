"""What a number rests on: evidence ids, or an assumption with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.scenario.problem import Fault, quoted, spend

ASSUMPTION = "assumption"
_ID = re.compile(r"([A-Z]+-?)([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class Sources:
    """The evidence ids that a scenario may name."""

    ids: frozenset[str]
    nearest: Callable[[str], str | None]

    @classmethod
    @cache
    def of_evidence(cls) -> Sources:
        """Take the ids from the evidence room."""
        import sim.evidence

        evidence = sim.evidence.load()
        return cls(frozenset(evidence.ids()), evidence.nearest)

    def fault(self, source: object) -> Fault | None:
        """Return what is wrong with an evidence id, if anything."""
        if isinstance(source, str) and source in self.ids:
            return None
        near = None
        if isinstance(source, str) and spend(len(self.ids)):
            near = self.nearest(source) or self._nearest_number(source)
        expected = f"an evidence id; the nearest is '{near}'" if near else "an evidence id, such as those in seeds/"
        return Fault("unknown source", quoted(source), expected)

    def _nearest_number(self, source: str) -> str | None:
        """Return the id of the same letters with the nearest number."""
        parts = _ID.fullmatch(source.strip().upper()[:40])
        if not parts:
            return None
        alike = [(match, id) for id in self.ids if (match := _ID.fullmatch(id)) and match[1] == parts[1]]
        return min(alike, key=lambda pair: (abs(int(pair[0][2]) - int(parts[2])), pair[1]))[1] if alike else None


def provenance(raw: Mapping[str, Any], sources: Sources | None) -> tuple[str | None, str | None, list[Fault]]:
    """Return source, why and faults of a number or moment written as a mapping."""
    source, why = raw.get("source"), raw.get("why")
    faults = []
    if why is not None and not (isinstance(why, str) and why.strip()):
        faults.append(Fault("not a reason", quoted(why), "a few words", ("why",)))
    if source == ASSUMPTION:
        if why is None:
            faults.append(Fault("an assumption without a reason", "no 'why'", "a 'why' in a few words", ("source",)))
    elif source is not None and not isinstance(source, str):
        faults.append(Fault("not a source", quoted(source), "an evidence id or 'assumption'", ("source",)))
    elif source is not None and sources is not None and (fault := sources.fault(source)):
        expected = f"{fault.expected}, or 'assumption' with a 'why'"
        faults.append(Fault(fault.wrong, fault.given, expected, ("source",)))
    return (source if isinstance(source, str) else None), (why if isinstance(why, str) else None), faults
