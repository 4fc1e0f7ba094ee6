"""Rules between the values of a scenario that can be read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from sim.scenario.calls import argument
from sim.scenario.components import naming_faults
from sim.scenario.conduct import Regime
from sim.scenario.fields import Dated, Moment, Part
from sim.scenario.parts import walk
from sim.scenario.places import Zone, route_of
from sim.scenario.pools import KINDS, allocation_faults, component_faults, never_faults, serving_faults
from sim.scenario.problem import Fault, Path
from sim.scenario.references import reference_rules
from sim.scenario.schema import Root
from sim.scenario.supply import supply_faults
from sim.scenario.units import MONTH

LONGEST = timedelta(days=1830)
T = TypeVar("T")


def consistency_faults(root: Root) -> list[Fault]:
    """Return the faults between values; a rule about what is unset, as it could not be read, is passed over."""
    return [fault for rule in _rules(root) for fault in _known(rule)]


def _rules(root: Root) -> Iterator[Iterator[Fault]]:
    """Iterate over the rules; each gives its faults for itself."""
    for rule in (
        _period_faults,
        _warmup_faults,
        _product_faults,
        _hub_faults,
        _corridor_faults,
        _split_faults,
        _naming_faults,
        _recorded_faults,
        _user_faults,
        _luck_faults,
        _documented_faults,
        supply_faults,
        allocation_faults,
        serving_faults,
    ):
        yield rule(root)
    for name, zone in getattr(root, "zones", {}).items():
        yield _zone_faults(root, name, zone)
    yield from reference_rules(root)
    start = getattr(root, "start", None)
    if start is None or start.at is None:
        return
    for rule_by_date in (_dated_faults, _order_faults, _national_faults):
        yield rule_by_date(root, start.at)
    for kind, key in KINDS:
        yield from _known(_regime_rules(root, start.at, kind, key))


def _luck_faults(root: Root) -> Iterator[Fault]:
    if root.hindcast and root.posterior is None:
        by = argument("overlays", "NAME")
        expected = f"a posterior, laid on by {by} (convoi scenarios lists them, convoi calibrate makes one)"
        yield Fault("a hindcast without a posterior", "hindcast: yes", expected, ("hindcast",))


def _known(faults: Iterator[T]) -> Iterator[T]:
    """Iterate over faults, or rules, as far as they can be known: up to a value that is unset."""
    try:
        yield from faults
    except AttributeError as error:
        if not (isinstance(error.obj, Part) and error.name in type(error.obj).model_fields):
            raise


def _period_faults(root: Root) -> Iterator[Fault]:
    if root.start.at is None:
        yield Fault("not a date", root.start.text, "a date such as 2025-09-03", ("start",))
    for key, moment in (("start", root.start), ("end", root.end)):
        at = moment.at if root.start.at is None or key == "start" else moment.on(root.start.at)
        yield from _midnight_faults(moment, at, (key,))
    if root.start.at is not None:
        length = root.end.on(root.start.at) - root.start.at
        if length <= timedelta(0):
            yield Fault("the end is not after the start", root.end.text, f"after {root.start.text}", ("end",))
        elif length > LONGEST:
            yield Fault("too long", f"{length.days} days", f"at most {LONGEST.days} days", ("end",))


def _midnight_faults(moment: Moment, at: datetime | None, path: Path) -> Iterator[Fault]:
    if not moment.certain:
        yield Fault("an uncertain date", moment.text, "a certain date", path)
    elif at is not None and at != datetime(at.year, at.month, at.day):
        yield Fault("not a midnight", moment.text, f"{at:%Y-%m-%d}", path)


def _warmup_faults(root: Root) -> Iterator[Fault]:
    number, expected = root.warmup, "whole days such as '28 days', without a range"
    if not number.certain:
        yield Fault("an uncertain warm-up", number.text, expected, ("warmup",))
    elif number.value % 24.0:
        yield Fault("not whole days", number.text, expected, ("warmup",))


def _national_faults(root: Root, start: datetime) -> Iterator[Fault]:
    if root.national_stock is None:
        return
    moment, path = root.national_stock.at, ("national_stock", "at")
    at, last = moment.on(start), root.end.on(start)
    faults = list(_midnight_faults(moment, at, path))
    yield from faults
    if not faults and not start <= at < last:
        yield Fault("a date outside the run", moment.text, f"{start:%Y-%m-%d} or later, before {last:%Y-%m-%d}", path)


def _dated_faults(root: Root, start: datetime) -> Iterator[Fault]:
    for path, value in walk(root):
        if isinstance(value, Dated):
            yield from _sequence_faults((since for since, _ in value.entries), start, path, "value")


def _sequence_faults(moments: Iterable[Moment | None], start: datetime, path: Path, what: str) -> Iterator[Fault]:
    last: Moment | None = None
    for position, moment in enumerate(moments):
        place = (*path, str(position), "from")
        if position == 0 and moment is not None and moment.hours(start)[0] > 0:
            expected = f"{start:%Y-%m-%d} or earlier in the first entry, or no 'from'"
            yield Fault(f"no {what} before the first 'from'", moment.text, expected, place)
        if last is not None and moment is not None and moment.hours(start)[0] <= last.hours(start)[0]:
            yield Fault("dates out of order", moment.text, f"after {last.text}", place)
        last = moment or last


def _zone_faults(root: Root, name: str, zone: Zone) -> Iterator[Fault]:
    path = ("zones", name)
    if (zone.effort is None) == (zone.chance is None):
        given = "neither" if zone.effort is None else "both"
        yield Fault("effort or chance", given, "one of 'effort' and 'chance'", path)
    if zone.along is not None:
        yield from _along_faults(root, zone, path)
    part = _driven_part(root, zone)
    ceiling = zone.ceiling.least
    lifetime = root.attacks.lifetime
    shortest = lifetime.least
    for key, dated in (("effort", zone.effort), ("chance", zone.chance), ("mines", zone.mines)):
        for position, (_, number) in enumerate(dated.entries if dated else ()):
            most = number.most
            rate = -math.log1p(-most) / (shortest * part) if key == "chance" else most
            if rate > ceiling and dated is not None:
                place = (*path, key, *((str(position),) if dated.listed else ()))
                given = f"{number.text} (up to {MONTH * rate:.6g} /month)"
                wrong, expected = f"{key} above the zone's ceiling", f"at most {MONTH * ceiling:.6g} /month"
                yield Fault(wrong, given, expected, place)


def _driven_part(root: Root, zone: Zone) -> float:
    """Return the part of a zone's length that the passage of which its chance speaks drives; 1 if none is known."""
    driven = _driven(root, zone)
    if not driven:
        return 1.0
    lengths = {name: root.roads[name].length.value for name in zone.roads}
    return math.fsum(lengths[name] for name in driven) / math.fsum(lengths.values())


def _driven(root: Root, zone: Zone) -> set[str]:
    """Return the roads of a zone that the passage of which its chance speaks drives; none if a name is unknown."""
    try:
        inside = route_of(root, root.corridors[zone.along or ""]).inside
        return set(inside).intersection(zone.roads) & root.roads.keys()
    except (KeyError, ValueError):
        return set()


def _along_faults(root: Root, zone: Zone, path: Path) -> Iterator[Fault]:
    if zone.chance is None:
        yield Fault("a key without meaning here", zone.along or "", "no 'along' without 'chance'", (*path, "along"))
    if zone.along in root.corridors and not _driven(root, zone):
        expected = "a corridor that drives a road of the zone after its assembly point"
        yield Fault("a chance on a passage that is none", zone.along, expected, (*path, "along"))


def _regime_rules(root: Root, start: datetime, kind: str, key: str) -> Iterator[Iterator[Fault]]:
    path = ("strategy", key)
    regimes: list[Regime] = getattr(root.strategy, key)
    yield _sequence_faults((regime.from_ for regime in regimes), start, path, "regime")
    yield _lack_faults(root, kind, path, regimes)
    for position, regime in enumerate(regimes):
        yield _size_faults(regime, (*path, str(position)))
        yield component_faults(regime, (*path, str(position)))
    for name, corridor in root.corridors.items():
        if corridor.kind == kind:
            yield from (never_faults(root, start, key, position, name) for position in range(len(regimes)))


def _lack_faults(root: Root, kind: str, path: Path, regimes: list[Regime]) -> Iterator[Fault]:
    if not regimes and any(corridor.kind == kind for corridor in root.corridors.values()):
        yield Fault("no regime", "an empty list", f"one regime or more for the {kind} corridors", path)


def _size_faults(regime: Regime, place: Path) -> Iterator[Fault]:
    if regime.min.most > regime.max.least:
        given = f"min {regime.min.text}, max {regime.max.text}"
        yield Fault("a least size above the largest", given, "min ≤ max, whatever is drawn", (*place, "min"))


def _order_faults(root: Root, start: datetime) -> Iterator[Fault]:
    spans = [(("willingness", "strikes", name), item.from_, item.to) for name, item in root.willingness.strikes.items()]
    rules = [(("rationing", name), item.from_, item.to) for name, item in root.rationing.items() if item.to]
    for path, first, last in (*spans, *rules):
        if last is not None and last.earliest(start) <= first.latest(start):
            expected = f"after {first.text}, whatever is drawn"
            yield Fault("the last moment is not after the first", last.text, expected, (*path, "to"))
    pairs = (
        (("driving", "day_to"), root.driving.day_from, root.driving.day_to),
        (("retail", "delivered_to"), root.retail.delivered_from, root.retail.delivered_to),
    )
    for path, low, high in pairs:
        if high.least <= low.most:
            yield Fault("hours out of order", high.text, f"more than {low.text}, whatever is drawn", path)


def _product_faults(root: Root) -> Iterator[Fault]:
    if not any(product.pump for product in root.products.values()):
        yield Fault("no product is sold at stations", f"{len(root.products)} products", "'pump: true'", ("products",))


def _hub_faults(root: Root) -> Iterator[Fault]:
    lead = root.products.get(root.lead)
    if lead is not None and not lead.pump:
        yield Fault("not a pump product", root.lead, "a product with 'pump: true'", ("lead",))
    hub = root.towns.get(root.hub)
    for number, place in (
        (lead.need if lead else None, ("products", root.lead, "need")),
        (hub.share if hub else None, ("towns", root.hub, "share")),
    ):
        if number is not None and number.least <= 0:
            yield Fault("the hub sells none of the lead product", number.text, "more than 0, whatever is drawn", place)


def _corridor_faults(root: Root) -> Iterator[Fault]:
    if not root.corridors:
        yield Fault("no corridor", "none", "one corridor or more", ("corridors",))


def _split_faults(root: Root) -> Iterator[Fault]:
    split = root.escorts.split
    if not any(weight.most > 0 for weight in (split.detection, split.deterrence, split.damage)):
        yield Fault("a split without weight", "0", "one weight above 0", ("escorts", "split"))


def _naming_faults(root: Root) -> Iterator[Fault]:
    yield from naming_faults(root.escorts)


def _recorded_faults(root: Root) -> Iterator[Fault]:
    for name, convoy in root.convoys.recorded.items():
        corridor = root.corridors.get(convoy.corridor)
        if corridor is not None and corridor.kind == "exogenous":
            wrong, expected = "a convoy on an exogenous inflow", "an import or inland corridor"
            yield Fault(wrong, convoy.corridor, expected, ("convoys", "recorded", name, "corridor"))


def _user_faults(root: Root) -> Iterator[Fault]:
    for name, user in root.users.items():
        product = root.products.get(user.product)
        if user.pump_market and product is not None and not product.pump:
            wrong, expected = "in the pump market without pump fuel", "a product with 'pump: true'"
            yield Fault(wrong, user.product, expected, ("users", name, "product"))


def _documented_faults(root: Root) -> Iterator[Fault]:
    for name, figure in root.documented.items():
        path = ("documented", name)
        kinds = ("value", "date", "at_least", "at_most")
        given = [kind for kind in kinds if getattr(figure, kind) is not None]
        if len(given) != 1:
            words = " and ".join(given) or "none"
            yield Fault("value, date or bound", words, "one of 'value', 'date', 'at_least' and 'at_most'", path)
        elif given[0].startswith("at_") and (figure.low is not None or figure.high is not None):
            yield Fault("a bound with a range", f"{given[0]} with low or high", "'value' with them, or the bound", path)
