"""``convoi init``: what is shipped, copied to be changed."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import Folder


@click.command(short_help="Copy what is shipped into a folder, to change.")
@click.argument("folder", type=Folder(file_okay=False, path_type=Path))
@click.option(
    "--force", is_flag=True, help="Write into a folder that holds files; those of the same names are replaced."
)
def init(folder: Path, force: bool) -> None:
    """Copy the shipped scenarios, overlays, strategies and targets to FOLDER/scenarios.

    Names are looked for in the working folder first, so that commands given in FOLDER use the copies.
    """
    import shlex
    import shutil

    from sim.errors import RequestError
    from sim.scenario.folders import shipped_folder

    if folder.is_dir() and any(folder.iterdir()) and not force:
        held = ", ".join(sorted(entry.name for entry in folder.iterdir())[:3])
        raise RequestError(
            f"{folder} holds files ({held}); give an empty or new folder, or --force to write into this one"
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
