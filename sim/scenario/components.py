"""The components of escorts: those built in, and those that a scenario names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from sim.scenario.fields import In, Known, Line, Name, Part, Quantity, doc
from sim.scenario.problem import Fault, quoted

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
    return BUILT_IN | {name: Traits(part.ground, part.by_day, part.label or name) for name, part in own}


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


def alternatives(text: str) -> list[str]:
    """Return the names in an entry such as ``national | foreign``."""
    return [name.strip() for name in text.split("|")]
