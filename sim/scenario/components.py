"""The components of escorts: those built in, and those that a scenario names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from sim.scenario.fields import In, Known, Line, Name, Part, Quantity, doc
from sim.scenario.problem import Fault, one_of, quoted

if TYPE_CHECKING:
    from sim.scenario.conduct import Escorts

ARMY = "national"
"""The component against which the others are measured: its loss ratio and its cycle factor are 1."""
MOST = 5
"""Components that a scenario may name."""
SIGNS = "|+"
"""Characters that join components."""
Effect = Literal["loss_ratio", "cycle_factor"]


class Component(Part):
    """A component of escorts beside national, foreign and air, such as private guards."""

    ground: bool = doc(
        "Whether it goes by road, fights, rests, can be knocked out and keeps roadblocks away; else it flies.", True
    )
    by_day: bool = doc("Whether it protects by day only; aircraft may then leave by night.", False)
    loss_ratio: Annotated[Quantity, In("1", 0, 10)] = doc("Loss ratio where it is present.")
    cycle_factor: Annotated[Quantity, In("1", 0.1, 10)] = doc("Cycle factor where it is assigned.")
    label: Line = doc("What it is called in answers; its name if nothing is said.", "")


class Traits(NamedTuple):
    """What a component is, whatever it does."""

    ground: bool
    by_day: bool
    label: str


BUILT_IN = {
    ARMY: Traits(True, False, "national troops"),
    "foreign": Traits(True, False, "foreign troops"),
    "air": Traits(False, True, "aircraft"),
}
ComponentName = Annotated[Name, Known(tuple(BUILT_IN))]


def components_of(escorts: Escorts) -> dict[str, Traits]:
    """Return the components by name, in order of their bits: those built in, then those named, in order of name."""
    own = sorted(escorts.components.items())
    return BUILT_IN | {name: Traits(one.ground, one.by_day, one.label or name) for name, one in own}


def effect_path(name: str, effect: Effect) -> str:
    """Return where a scenario says by how much a component changes losses or round trips; the army does neither."""
    return f"escorts.{effect}.{name}" if name in BUILT_IN else f"escorts.components.{name}.{effect}"


def effect_paths(name: str) -> list[str]:
    """Return where a scenario says what a component does to losses and to round trips."""
    return [effect_path(name, "loss_ratio"), effect_path(name, "cycle_factor")]


def effect_of(escorts: Escorts, name: str, effect: Effect) -> Quantity:
    """Return a component's loss ratio or cycle factor; the army has none."""
    if name in BUILT_IN:
        return getattr(getattr(escorts, effect), name)  # type: ignore[no-any-return]
    return getattr(escorts.components[name], effect)  # type: ignore[no-any-return]


def naming_faults(escorts: Escorts) -> Iterator[Fault]:
    """Iterate over components that cannot be called so, and those that are too many."""
    path = ("escorts", "components")
    for name in escorts.components:
        if name in BUILT_IN:
            what = "what the others are measured against" if name == ARMY else "set in loss_ratio and cycle_factor"
            yield Fault("a component that is built in", quoted(name), f"another name: {name} is {what}", (*path, name))
        elif name == "none" or set(SIGNS) & set(name):
            yield Fault("not a component's name", quoted(name), "a name without | or +, and not 'none'", (*path, name))
    if len(escorts.components) > MOST:
        yield Fault("too many components", f"{len(escorts.components)}", f"at most {MOST} beside those built in", path)


def mention_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Iterate over the mentions of components that there are not, in plain data."""
    escorts = _mapping(data.get("escorts"))
    known = [*BUILT_IN, *sorted(_mapping(escorts.get("components")))]
    words = f"one of {', '.join(known)}"
    for name, pool in _mapping(escorts.get("pools")).items():
        yield from _unknown(_mapping(pool).get("component"), known, ("escorts", "pools", name, "component"))
    for name, convoy in _mapping(_mapping(data.get("convoys")).get("recorded")).items():
        for position, text in _listed(_mapping(convoy).get("escort")):
            yield from _unknown(text, known, ("convoys", "recorded", name, "escort", position))
    strategy = _mapping(data.get("strategy"))
    for key in ("imports", "inland"):
        for rank, regime in _listed(strategy.get(key)):
            path = ("strategy", key, rank)
            for position, text in _listed(_mapping(regime).get("may")):
                yield from _unknown(text, known, (*path, "may", position))
            for position, text in _listed(_mapping(regime).get("must")):
                names = alternatives(text) if isinstance(text, str) else []
                if len(set(names)) < len(names) or not set(names) <= set(known):
                    expected = f"{words}, or alternatives such as 'national | foreign'"
                    yield Fault("not a component", quoted(text), expected, (*path, "must", position))


def alternatives(text: str) -> list[str]:
    """Return the names in an entry such as ``national | foreign``."""
    return [name.strip() for name in text.split("|")]


def _unknown(text: object, known: list[str], path: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(text, str) and text not in known:
        yield Fault("not a known word", quoted(text), one_of(known), path)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> list[tuple[str, Any]]:
    return [(str(k), item) for k, item in enumerate(value)] if isinstance(value, list) else []
