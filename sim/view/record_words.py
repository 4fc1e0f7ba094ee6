"""The record: every documented figure that a run can be asked for beside the model's band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sim.language import say, say_counted
from sim.results.measures import dated, written
from sim.results.run import Run
from sim.results.stated import Stated, beyond, misplaced, scale, stated
from sim.scenario.calls import argument
from sim.scenario.schema import Documented
from sim.study.verdicts import meets, says_nothing
from sim.view.bands import Band, measured
from sim.view.fact_answers import interval
from sim.view.run_findings import days_of
from sim.view.study_words import laid_words
from sim.view.table import STARRED, band_head, defined_in, ends_of, grid, paragraphs, starred
from sim.view.words import SCOPES, apart, describe, number

Verdict = Literal["holds", "missed", "says nothing", "no band", "undefined"]
Side = Literal["", "lower", "higher"]


@dataclass(frozen=True)
class RecordLine:
    """A documented figure beside the model's band.

    ``verdict`` is *holds* if the 5 to 95 % band and what is documented have something in common, *says nothing* if it
    does because it covers all that is possible, else *missed*; *no band* for a single replication, *undefined* if under
    half of the replications have the measure.
    """

    name: str
    stated: Stated
    label: str
    source: str
    model: Band
    verdict: Verdict
    side: Side

    @property
    def words(self) -> str:
        """Verdict in words, as the answer prints it."""
        if self.verdict == "undefined":
            count, total = self.model.total - self.model.count, self.model.total
            return say("undefined in {count} of {total}", count=count, total=total)
        if self.verdict in ("no band", "missed"):
            missed, side = self.verdict == "missed", self.side
            if not side:
                return say("model agrees")
            if dated(self.stated.measure):
                sides = {"lower": say("model earlier"), "higher": say("model later")}
            else:
                sides = {"lower": say("model lower"), "higher": say("model higher")}
            return say("missed: {side}", side=sides[side]) if missed else sides[side]
        return say("holds") if self.verdict == "holds" else say("says nothing")


def record(run: Run) -> str:
    """Set the record beside a run that stands for what happened; of a what-if say that it does not."""
    root = run.scenario.root
    if not root.documented:
        return ""
    if not root.record:
        return paragraphs([beside_not(run)])
    lines = compare_record(run)
    rest = [
        say("Not asked, {why}: {facts}.", why=why, facts=apart(map(say, names)))
        for why, names in not_asked(run).items()
    ]
    return "\n".join(filter(None, (beside(run, lines) if lines else "", paragraphs(rest))))


def beside_not(run: Run) -> str:
    """Say that a run is not set beside the record, and why."""
    return say("Not set beside the record: {why}.", why=changed_words(run))


def beside(run: Run, lines: Sequence[RecordLine], *, medians: bool = False) -> str:
    """Return documented figures beside the model's means, or medians, in a table, and how many hold.

    Dates are medians always, since some replications have none.
    """
    start, wide = run.scenario.start, len(run.measures) > 1
    rows = []
    for line in lines:
        measure = describe(line.stated.measure, start, run.scenario.end)
        centre = measure.text(line.model.median) if medians else measure.centre(line.model)
        heading = ", ".join(filter(None, (measure.heading, defined_in(line.model) * wide)))
        band = [ends_of(line.model, measure)] * wide
        cells = [f"{heading} ({say(line.label)})", _said(line.stated, start), line.source, centre]
        rows.append([*cells, *band, line.words])
    heads = [say("On record"), say("documented"), say("source"), say("median") if medians and wide else say("model")]
    heads += [band_head(len(run.measures))] * wide + [say("verdict")]
    table = grid(heads, rows, numbers=(1, 3, 4) if wide else (1, 3), prose=(0, 2))
    after = [_tally(lines)] if wide else []
    if any(starred(line.model) for line in lines):
        after.append(say(STARRED))
    if run.scenario.root.posterior is not None:
        after.append(
            say(
                "What the parameters were fitted to is no test of the model: "
                "convoi validate tells which facts the fit has not seen."
            )
        )
    return "\n".join(filter(None, (table, paragraphs(after))))


def changed_words(run: Run) -> str:
    """Say why a run is a what-if."""
    laid = laid_words(run)
    if not laid:
        return say("the scenario does not stand for what happened ('record: no')")
    option = argument("sets", "record=yes")
    return say("with {laid} it is a what-if ({option} sets it there all the same)", laid=laid, option=option)


def tally_words(lines: Sequence[RecordLine]) -> str:
    """Say in a phrase how many documented values hold."""
    holding = sum(line.verdict == "holds" for line in lines)
    return say(
        "{count} of {all} documented values lie in the model's band", count=number(holding), all=number(len(lines))
    )


def _tally(lines: Sequence[RecordLine]) -> str:
    counts = Counter(line.verdict for line in lines)
    words = [
        say_counted("{count} holds", "{count} hold", counts["holds"], count=counts["holds"]),
        say_counted("{count} missed", "{count} missed", counts["missed"], count=counts["missed"]),
    ]
    if undefined := counts["undefined"]:
        words.append(
            say_counted("{count} undefined in most runs", "{count} undefined in most runs", undefined, count=undefined)
        )
    if empty := counts["says nothing"]:
        words.append(
            say(
                "{count} of which the model says nothing, since its band covers nine tenths of what is possible",
                count=empty,
            )
        )
    return say_counted(
        "{count} documented value: {verdicts}. One holds if it, or a part of its range, lies in the model's band.",
        "{count} documented values: {verdicts}. One holds if it, or a part of its range, lies in the model's band.",
        len(lines),
        count=len(lines),
        verdicts=", ".join(words),
    )


def _said(figure: Stated, start: datetime) -> str:
    measure = describe(figure.measure, start)
    spread = interval(figure.low, figure.high, measure.text)
    if figure.value is None:
        return spread
    value = measure.text(figure.value)
    return value if spread == value else f"{value} ({spread})"


def compare_record(run: Run) -> list[RecordLine]:
    """Every documented figure that the run can be asked for beside the model's band, in the scenario's order."""
    days, lines = days_of(run), []
    for name, entry in run.scenario.root.documented.items():
        if not _why(entry, run) and written(entry.measure) in run.measures:
            figure = stated(entry, run.scenario.start)
            model = measured(run.measures, figure.measure, days)
            verdict, side = judge(model, figure.low, figure.high, scale(figure.measure, days))
            lines.append(RecordLine(name, figure, entry.label, entry.source, model, verdict, side))
    return lines


def not_asked(run: Run) -> dict[str, list[str]]:
    """Return the documented figures that are not asked, by why: other days, or another scope of demand."""
    names_of: dict[str, list[str]] = {}
    for name, entry in run.scenario.root.documented.items():
        if why := _why(entry, run):
            names_of.setdefault(why, []).append(name)
    return names_of


def _why(entry: Documented, run: Run) -> str:
    if beyond(entry, run.scenario.start, days_of(run)):
        return say("since the run does not have all the days")
    scope = run.scenario.root.scope
    if not misplaced(entry, scope):
        return ""
    return say("{scope} beside {other}", scope=say(SCOPES[entry.scope]), other=say(SCOPES[scope]))


def judge(model: Band, least: float, most: float, scale: tuple[float, float] | None) -> tuple[Verdict, Side]:
    """Say whether the model's band and what is documented have something in common, and on which side the model is."""
    if 2 * model.count < model.total:
        return "undefined", ""
    low, high = (model.low, model.high) if model.wide else (model.median, model.median)
    agrees = meets(low, high, least, most)
    side: Side = "" if agrees else "higher" if low > most else "lower"
    if not model.wide:
        return "no band", side
    if not agrees:
        return "missed", side
    return ("says nothing" if says_nothing(low, high, scale) else "holds"), ""
