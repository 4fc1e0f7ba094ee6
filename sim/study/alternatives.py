"""The alternatives of a study: a scenario under each strategy and each overlay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from os import PathLike
from os.path import isfile
from typing import Literal

from sim.errors import RequestError
from sim.plan import build
from sim.plan.plan import Plan
from sim.scenario.calls import as_tuple
from sim.scenario.entries import DEFAULT
from sim.scenario.folders import bare_name
from sim.scenario.load import Scenario, load, strategy_overlay


@dataclass(frozen=True)
class Alternative:
    """A scenario under a name.

    Parameters
    ----------
    name
        Short and unique in a study: a strategy's name, or that of an overlay.
    label
        A few words for tables and legends.
    scenario, plan
        What is run.
    exploratory
        Whether attackers adapt; said wherever the alternative shows.
    """

    name: str
    label: str
    scenario: Scenario
    plan: Plan
    exploratory: bool = False


AS_IS = "as it is"
"""Name of the scenario itself beside the overlays that are laid on it."""
ADAPTIVE = "adaptive"
Adaptive = Literal["as set", "off", "on", "both"]
_PATH = "attacks.adaptive.on"


def lineup(
    scenario: str | PathLike[str] | Scenario,
    strategies: Iterable[str | PathLike[str]] = (),
    overlays: Iterable[str | PathLike[str] | Sequence[str | PathLike[str]]] = (),
    *,
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
    adaptive: Adaptive = "as set",
    least: int = 2,
) -> tuple[Alternative, ...]:
    """Return the alternatives, in the order given: strategies, then the scenario itself and its overlays.

    Parameters
    ----------
    scenario
        Scenario file, its bare name, or a loaded scenario.
    strategies
        Names of strategies, or their files.
    overlays
        Overlays, each an alternative; several that are laid together as a list or joined by commas.
    common
        Overlays laid on every alternative, last.
    sets
        Settings ``path=value`` made in every alternative.
    adaptive
        Whether attackers adapt (exploratory): as each scenario sets it, off, on, or both worlds side by side; of the
        scenario itself, if nothing else is given.
    least
        Fewest alternatives.

    Raises
    ------
    RequestError
        If there are too few alternatives, or two have one name.
    ScenarioError
        If a strategy is unknown, or an alternative is no valid scenario.
    """
    common, sets = as_tuple(common), as_tuple(sets)
    strategies, overlays = as_tuple(strategies), as_tuple(overlays)
    layers: list[tuple[str, tuple[str | PathLike[str], ...]]] = []
    for strategy in strategies:
        file = strategy_overlay(strategy)
        layers.append((bare_name(file), (file,)))
    for position, overlay in enumerate(overlays):
        if position == 0:
            layers.append((AS_IS, ()))
        files = tuple(_files(overlay))
        layers.append(("+".join(map(bare_name, files)), files))
    if not layers and adaptive == "both":
        layers.append((AS_IS, ()))
    alternatives = []
    for name, files in layers:
        for on in {"as set": (None,), "off": (False,), "on": (True,), "both": (False, True)}[adaptive]:
            setting = () if on is None else (f"{_PATH}={'true' if on else 'false'}",)
            variant = load(scenario, (*files, *common), (*sets, *setting))
            twin = f"{name}, {ADAPTIVE}" if on and adaptive == "both" else name
            alternatives.append(alternative(twin, variant, _label(name, variant, bool(files))))
    return comparable(alternatives, least)


def one_or_more(
    scenario: str | PathLike[str] | Scenario,
    strategies: Iterable[str | PathLike[str]] = (),
    common: Iterable[str | PathLike[str]] = (),
    sets: Iterable[str] = (),
) -> tuple[Alternative, ...]:
    """Return a scenario under each of some strategies, or as it is if none is named."""
    strategies = as_tuple(strategies)
    if strategies:
        return lineup(scenario, strategies, common=common, sets=sets, least=1)
    return (alternative(AS_IS, load(scenario, as_tuple(common), as_tuple(sets))),)


def alternative(name: str, scenario: Scenario, label: str | None = None) -> Alternative:
    """Return an alternative; attackers that adapt are said in its label."""
    exploratory = scenario.root.attacks.adaptive.on
    label = label or scenario.root.strategy.label
    return Alternative(
        name,
        f"{label} (exploratory: attackers adapt)" if exploratory else label,
        scenario,
        build(scenario),
        exploratory,
    )


def check_unfitted(scenarios: Iterable[Scenario], verb: str) -> None:
    """Refuse scenarios with a posterior for a study that draws each number from its own range.

    Raises
    ------
    RequestError
        If one of them has a posterior.
    """
    for scenario in scenarios:
        if scenario.root.posterior is not None:
            place = scenario.origins.get(("posterior",), DEFAULT)
            raise RequestError(
                f"{verb} draws every number from its own range, and would pass over the posterior "
                f"'{scenario.root.posterior}' ({place}); expected the scenario without it"
            )


def of_scenarios(scenarios: Mapping[str, str | PathLike[str] | Scenario]) -> tuple[Alternative, ...]:
    """Return scenarios, loaded or not, as alternatives."""
    return comparable([alternative(name, load(scenario), name) for name, scenario in scenarios.items()])


def comparable(alternatives: Sequence[Alternative], least: int = 2) -> tuple[Alternative, ...]:
    """Return the alternatives if they can be compared."""
    if len(alternatives) < least:
        given = f"'{alternatives[0].name}'" if alternatives else "nothing"
        raise RequestError(f"a comparison of {given}; expected two strategies or more, or an overlay")
    twice = [name for name, times in Counter(each.name for each in alternatives).items() if times > 1]
    if twice:
        raise RequestError(f"two alternatives are called '{twice[0]}'; expected a name of its own for each")
    first = _measured(alternatives[0])
    for other in alternatives[1:]:
        apart = [what for what, value in _measured(other).items() if value != first[what]]
        if apart:
            raise RequestError(
                f"'{other.name}' and '{alternatives[0].name}' differ in {' and '.join(apart)}; expected the same, "
                "so that they can be compared day by day and their measures mean the same"
            )
    return tuple(alternatives)


def _measured(alternative: Alternative) -> dict[str, object]:
    """Return what the measures of an alternative are of."""
    plan, root = alternative.plan, alternative.scenario.root
    return {
        "start": plan.start,
        "length": plan.days,
        "hub": root.hub,
        "lead product": root.lead,
        "scope of demand": root.scope,
    }


def named(alternatives: Sequence[Alternative], name: str, what: str) -> Alternative:
    """Return the alternative of a name.

    Raises
    ------
    RequestError
        If there is none; with the nearest name.
    """
    for alternative in alternatives:
        if alternative.name == name:
            return alternative
    names = [alternative.name for alternative in alternatives]
    near = get_close_matches(name, names, 1)
    hint = f"; the nearest is '{near[0]}'" if near else ""
    raise RequestError(f"no alternative '{name}' for {what}; expected one of {', '.join(names)}{hint}")


def _files(overlay: str | PathLike[str] | Sequence[str | PathLike[str]]) -> Iterable[str | PathLike[str]]:
    if not isinstance(overlay, str):
        return [overlay] if isinstance(overlay, PathLike | Mapping) else overlay
    files, pieces = [], overlay.split(",")
    while pieces:
        # A comma may stand in the name of a file that is there.
        joined = (",".join(pieces[:count]).strip() for count in range(len(pieces), 1, -1))
        file = next((name for name in joined if isfile(name)), pieces[0].strip())
        files.append(file)
        del pieces[: file.count(",") + 1]
    return files


def _label(name: str, scenario: Scenario, laid: bool) -> str:
    if scenario.root.strategy.name == name or not laid:
        return scenario.root.strategy.label
    return name.replace("-", " ")
