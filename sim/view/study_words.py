"""What the answers of all studies say alike: what was run, what was laid on it, what failed, what is not measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.language import mark, say, say_counted
from sim.results.run import Run
from sim.scenario.calls import argument
from sim.scenario.load import Scenario
from sim.scenario.schema import Root
from sim.study.alternatives import AS_IS, Alternative
from sim.study.bound import mode_of
from sim.study.posteriors import posteriors_for
from sim.view.words import SCOPES, counted, either

if TYPE_CHECKING:
    from pandas import DataFrame, Series


FIRST_LOOK = 100
"""With fewer replications than this, numbers are a first look."""
CAVEAT = mark(
    "This measures fuel, losses and cost. It does not measure harm to civilians by any armed party, which the "
    "documents report."
)
NEVER = mark("A date that never came counts as the day after the last.")
"""Of what ranks or is subtracted."""
TAGS = mark(
    "Rests on: whether the parameters that the difference turns on, and the loss ratios in which the two differ by "
    "design, come from facts (data), from assumptions or from both; –: cannot be told."
)
EXPLORATORY = mark("Exploratory: attackers that adapt rest on no Malian data and are outside every calibration.")
NOT_MEANT = mark("A strategy that ranks first here is not thereby recommended.")
_TAGS: Final = {"data": mark("data"), "both": mark("both"), "assumption": mark("assumption")}


def tag_words(tag: str | None) -> str:
    """Say in a word what a finding rests on."""
    return say(_TAGS[tag]) if tag else "–"


def alternative_words(alternative: Alternative) -> str:
    """Return an alternative's name with its label if that says more; of the scenario itself that is its strategy's."""
    name, label = alternative.name, alternative.label
    if label in (name, name.replace("-", " ")):
        return name
    if name == AS_IS:
        return say("{name} (strategy {label})", name=name, label=say(label))
    return say("{name}: {label}", name=name, label=say(label))


def page(*parts: str) -> str:
    """Join the parts of an answer that have something to say, with an empty line between."""
    return "\n\n".join(filter(None, parts))


def run_opening(run: Run, day: str = "") -> list[str]:
    """Say what was run and how often, and of a single ``day`` which."""
    root = run.scenario.root
    count, seed = counted(str(len(run.measures)), "replication"), run.manifest.get("seed")
    many = count if seed is None else say("{replications}, seed {seed}", replications=count, seed=seed)
    how = say(
        "{replications}. {made} Scope: {scope}.", replications=many, made=made_words(run), scope=say(SCOPES[root.scope])
    )
    return [say(root.title), f"{day}{how}", *filter(None, [unfitted_words(run.scenario, is_central(run))])]


def is_central(run: Run) -> bool:
    """Say whether a run holds its parameters at their central values."""
    return bool(run.manifest.get("central"))


def laid_words(run: Run) -> str:
    """Overlays and settings laid on a run's scenario, as `laid_on`."""
    return laid_on(run.scenario, run.manifest.get("laid", run.scenario.laid))


def laid_on(scenario: Scenario, laid: Iterable[str]) -> str:
    """Overlays and settings laid on the scenario, as `layers_on`, in words; empty if there are none."""
    return ", ".join(layers_on(scenario, laid))


def layers_on(scenario: Scenario, laid: Iterable[str]) -> list[str]:
    """Return overlays and settings laid on the scenario, in order.

    Its posterior is told apart, unless it comes with recorded convoys and attacks.
    """
    posterior = scenario.root.posterior
    name = Path(posterior).name if posterior and mode_of(scenario) == "free" else None
    return [layer for layer in laid if layer != name and not layer.startswith(("posterior=", "hindcast="))]


def shared_words(scenarios: Sequence[Scenario], central: bool, varied: int = 0) -> list[str]:
    """Say what was laid on all that are compared, but for what is ``varied``, and where their parameters come from.

    ``varied`` is how many settings a sweep has laid on each, which come last.
    """
    first, *others = scenarios
    layers = first.laid[: len(first.laid) - varied]
    laid = laid_on(first, [layer for layer in layers if all(layer in other.laid for other in others)])
    common = ""
    if laid:
        common = say("Laid on all: {laid}.", laid=laid) if others else say("Laid on it: {laid}.", laid=laid)
    return [*filter(None, (common, posterior_words(first.root), unfitted_words(first, central)))]


def posterior_words(root: Root) -> str:
    """Say where parameters and luck come from, if not from ranges and chance."""
    if root.posterior is None:
        return ""
    name = Path(root.posterior).name
    if root.hindcast:
        return say(
            "Parameters and luck: fitted together to the record (hindcast, posterior '{name}'): an account of what "
            "happened, no forecast.",
            name=name,
        )
    return say("Parameters: fitted together to the record (posterior '{name}'); luck drawn anew.", name=name)


def unfitted_words(scenario: Scenario, central: bool) -> str:
    """Say that parameters are as they were before any fit, and which fit can be had; empty if there is none."""
    names = either([argument("overlays", name) for name in posteriors_for(scenario)])
    if not names:
        return ""
    if central:
        return say("Parameters: at the middle of their ranges, before any fit; {names} takes the fitted.", names=names)
    return say("Parameters: drawn from their ranges, before any fit; {names} takes the fitted.", names=names)


def made_words(run: Run) -> str:
    """Strategy of the run, whether attackers adapt, and what was laid on its scenario, for answer and figures."""
    return made_of(run.scenario, laid_words(run))


def made_of(scenario: Scenario, laid: str) -> str:
    """Strategy of a scenario, whether attackers adapt, what was laid on it, and where its parameters come from."""
    root = scenario.root
    parts = [
        say("Strategy: {strategy}.", strategy=say(root.strategy.label)),
        say("Exploratory: attackers adapt.") if root.attacks.adaptive.on else "",
        say("Laid on: {laid}.", laid=laid) if laid else "",
        posterior_words(root),
    ]
    return " ".join(filter(None, parts))


def first_look(count: int) -> list[str]:
    """Say of few replications that they are a first look."""
    if count >= FIRST_LOOK:
        return []
    return [
        say_counted(
            "{count} replication gives a first look; quote 200 or more.",
            "{count} replications give a first look; quote 200 or more.",
            count,
            count=count,
        )
    ]


def terms_words() -> str:
    """Say what replications and draws of the parameters are."""
    return say(
        "A replication is one run of the model with luck of its own; a draw of the parameters is one set of values of "
        "the uncertain numbers, on which one or more replications run."
    )


def observed_words(count: int, each: int) -> str:
    """Say how many independent observations there are: ``12 draws of the parameters``, ``12 replications``.

    ``each`` is how many replications make one: a draw of the parameters has several.
    """
    if each == 1:
        return counted(str(count), "replication")
    return counted(str(count), "draw of the parameters", "draws of the parameters")


def few_words(count: int, fewest: int, each: int, what: str) -> str:
    """Say that there are too few independent observations to do ``what``, and how many replications it takes."""
    return say_counted(
        "{observed} is too few to {what}; {takes}.",
        "{observed} are too few to {what}; {takes}.",
        count,
        observed=observed_words(count, each),
        what=what,
        takes=takes_words(fewest, each),
    )


def takes_words(count: int, each: int) -> str:
    """Say how many replications it takes to have so many independent observations: ``it takes -n 40``."""
    return say("it takes {option}", option=argument("replications", each * count))


def failure_words(failures: DataFrame, point: Callable[[Series], str] | None = None) -> list[str]:
    """Say how many replications failed and why the first did; ``point`` writes at which point of a sweep that was."""
    if failures.empty:
        return []
    first = failures.iloc[0]
    values = {key: first[key] for key in ("replication", "alternative", "seed", "stage", "message")}
    values |= {"count": len(failures), "point": "" if point is None else point(first)}
    if point is None:
        text = say_counted(
            "{count} replication failed and is left out, in all alternatives: the first is replication {replication} "
            "of {alternative} (seed {seed}), at {stage}: {message}",
            "{count} replications failed and are left out, in all alternatives: the first is replication {replication} "
            "of {alternative} (seed {seed}), at {stage}: {message}",
            len(failures),
            **values,
        )
    else:
        text = say_counted(
            "{count} replication failed and is left out, in all alternatives of the point: the first is replication "
            "{replication} of {alternative} at {point} (seed {seed}), at {stage}: {message}",
            "{count} replications failed and are left out, in all alternatives of the point: the first is replication "
            "{replication} of {alternative} at {point} (seed {seed}), at {stage}: {message}",
            len(failures),
            **values,
        )
    return [text]
