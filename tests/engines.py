"""Both engines on one replication: do they give the same bits, and if not, what differs first?"""

from typing import NamedTuple

from sim.errors import ConvoiError, ModelError
from sim.results.measures import measures
from sim.study.replicate import simulate
from sim.world.nature import nature
from tests.differs import first_difference, logged

EQUAL, DIFFERENT, REFUSED, FAILED = "equal", "different", "refused", "failed"
"""What may come of a comparison; refused by the fast engine alone, failed in both."""
NAMES = ("simpy", "fast")


class Outcome(NamedTuple):
    """What came of a comparison, and the first difference, the refusal or the failure in words."""

    kind: str
    text: str = ""


def simpy(plan, seed, replication, central, log):
    """Replicate with the reference."""
    return simulate(plan, seed, replication, central=central, log=log)


def fast(plan, seed, replication, central, log):
    """Replicate with the compiled twin."""
    from sim.fast import Twin

    return Twin(plan).replicate(nature(plan, seed, replication, central=central), log=log)


def difference(plan, seed, replication, central=False, engines=(simpy, fast)):
    """Return in words the first thing in which the engines differ, or None.

    Where SimPy fails, any error of the model is right from the other; the study layer makes them say the same.
    """
    outcome = compared(plan, seed, replication, central, engines)
    return outcome.text if outcome.kind in (DIFFERENT, REFUSED) else None


def compared(plan, seed, replication, central=False, engines=(simpy, fast), wanted=()):
    """Compare the first engine's record with log to the second's with and without log, to the bit.

    ``wanted`` are names of measures beyond those of every run.
    """
    record, failure = _tried(engines[0], plan, seed, replication, central, True)
    for log in (True, False):
        other, its = _tried(engines[1], plan, seed, replication, central, log)
        if its is not None and failure is None and not isinstance(its, ModelError):
            return Outcome(REFUSED, str(its))
        text = _failures(failure, its) if failure or its else _records(record, other, log, wanted)
        if text:
            return Outcome(DIFFERENT, text if log else f"without log: {text}")
    return Outcome(EQUAL) if failure is None else Outcome(FAILED, str(failure))


def _tried(engine, plan, seed, replication, central, log):
    try:
        return engine(plan, seed, replication, central, log), None
    except ConvoiError as error:
        return None, error


def _failures(failure, its):
    if failure is None or its is None:
        return f"{NAMES[failure is None]} alone fails: {failure or its}"
    if isinstance(its, ModelError) or str(failure) == str(its):
        return None
    return f"both fail, {NAMES[0]}: {failure}; {NAMES[1]}: {its}"


def _records(record, other, log, wanted):
    if not logged(record) or log != logged(other):
        return f"an event log is {'missing' if log else 'there unasked'}"
    return first_difference(record, other, NAMES) or _unlike_measures(record, other, wanted)


def _unlike_measures(record, other, wanted):
    ours, theirs = measures(record, wanted), measures(other, wanted)
    if list(ours) != list(theirs):
        return f"measures: {sorted(set(ours) ^ set(theirs)) or 'in another order'}"
    for name, value in ours.items():
        if float(value).hex() != float(theirs[name]).hex():
            return f"measure {name}: {value!r} in {NAMES[0]}, {theirs[name]!r} in {NAMES[1]}"
    return None
