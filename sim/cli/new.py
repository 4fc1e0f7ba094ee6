"""``convoi new`` and ``init``: files of one's own, a small country or copies of what is shipped."""

from __future__ import annotations

import shlex
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from sim.cli.options import Day, Finite, Folder, whole
from sim.cli.task import tell_notes
from sim.errors import RequestError

ASKED = {
    "towns": "Towns, the capital first",
    "ports": "Where fuel comes from: ports or border towns abroad",
    "need": "Need of the whole country, ML (million litres) a day",
    "attacks": "Ambushes laid a month, on each road from abroad",
    "escorts": "Units of escort",
}


@click.command()
@click.argument("name")
@click.option("--towns", metavar="NAME,NAME", default="Capital,Hilltown", show_default=True, help=ASKED["towns"] + ".")
@click.option("--ports", metavar="NAME,NAME", default="Port", show_default=True, help=ASKED["ports"] + ".")
@click.option("--need", type=Finite(0.01, 50), default=0.5, show_default=True, help=ASKED["need"] + ".")
@click.option("--attacks", type=Finite(0, 200), default=12.0, show_default=True, help=ASKED["attacks"] + ".")
@whole("--escorts", 4, 0, 500, ASKED["escorts"] + ".")
@click.option("--start", type=Day(), metavar="DATE", default="2030-01-01", show_default=True, help="First day.")
@whole("--days", 60, 30, 1000, "How many.")
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@click.pass_context
def new(
    ctx: click.Context,
    name: str,
    towns: str,
    ports: str,
    need: float,
    attacks: float,
    escorts: int,
    start: date,
    days: int,
    force: bool,
) -> None:
    """Write NAME.yaml: a small country with invented numbers, each with its meaning, which checks and runs.

    On a terminal what is not given is asked. A road leads from every port to the capital, and one from the capital to
    every other town; attacks begin on day 15.
    """
    from sim.scenario.draft import Wanted, draft_text
    from sim.scenario.folders import ENDINGS, TOP, matches, roots, shipped_folder, shown

    path = Path(name if name.endswith(ENDINGS) else f"{name}.yaml")
    if not path.stem.strip(". ") or name.endswith("/"):
        raise RequestError(f"no name of a file: '{name}'; expected such as 'sahelia'")
    if path.exists() and not force:
        raise RequestError(f"{path} is there already; give another name, or --force to replace it")
    given: dict[str, Any] = {"towns": towns, "ports": ports, "need": need, "attacks": attacks, "escorts": escorts}
    unsaid = [key for key in ASKED if ctx.get_parameter_source(key) is click.core.ParameterSource.DEFAULT]
    if on_a_terminal() and len(unsaid) == len(ASKED):
        types = {parameter.name: parameter.type for parameter in ctx.command.params}
        given |= {key: click.prompt(ASKED[key], default=given[key], type=types[key]) for key in unsaid}
    wanted = Wanted(path.stem, _names(given["towns"], "town"), _names(given["ports"], "port"),
                    given["need"], given["attacks"], given["escorts"], start, days)  # fmt: skip
    text = draft_text(wanted)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    hidden = [] if path.resolve().parent == shipped_folder() else matches(path.stem, shipped_folder(), (TOP,))
    if hidden and any(path.resolve().parent == root.resolve() for root in roots()):
        tell_notes([f"'{path.stem}' is a shipped scenario, too: here the name means yours from now on"])
    called = shlex.quote(path.stem if path.parent == Path() and path.suffix == ".yaml" else shown(path))
    counted = f"{_count(wanted.towns, 'town')}, {_count(wanted.ports, 'way')} in"
    click.echo(f"{path} is written: {counted}. Its numbers are invented. Next:")
    click.echo(f"  convoi check {called}         # valid? also after each change of the file")
    click.echo(f"  convoi run {called} -n 20     # what happens")
    click.echo(f"  convoi evidence {called}      # every number, to be replaced by what you know")


def on_a_terminal() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin.isatty()


def _count(names: tuple[str, ...], what: str) -> str:
    return f"{len(names)} {what}{'s' * (len(names) != 1)}"


def _names(text: str, what: str) -> tuple[str, ...]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise RequestError(f"no {what}; expected at least one name")
    return tuple(names)


@click.command()
@click.argument("folder", type=Folder(file_okay=False, path_type=Path))
@click.option(
    "--force", is_flag=True, help="Write into a folder that holds files; those of the same names are replaced."
)
def init(folder: Path, force: bool) -> None:
    """Copy the shipped scenarios, overlays, strategies and targets to FOLDER/scenarios.

    Names are looked for in the working folder first, so that commands given in FOLDER use the copies.
    """
    from sim.scenario.folders import shipped_folder

    if folder.is_dir() and any(folder.iterdir()) and not force:
        names = ", ".join(sorted(entry.name for entry in folder.iterdir())[:3])
        raise RequestError(
            f"{folder} holds files ({names}); give an empty or new folder, or --force to write into this one"
        )
    shipped, copies = shipped_folder(), folder / "scenarios"
    if copies.resolve() == shipped.resolve():
        raise RequestError(f"{copies} is the folder of what is shipped itself; give another")
    files = sorted(path for path in shipped.rglob("*") if path.is_file())
    for path in files:
        target = copies / path.relative_to(shipped)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    click.echo(f"{len(files)} files in {copies}. Next:")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  convoi scenarios --where    # what can be named: your copies first")
    click.echo("  convoi run tutorial -n 8    # change scenarios/tutorial.yaml, and run it again")
