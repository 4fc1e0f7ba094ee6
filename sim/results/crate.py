"""An RO-Crate of a stored study: what each of its files is, its checksum, and what made it, for archives to read."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rocrate.model.contextentity import ContextEntity
from rocrate.model.data_entity import DataEntity
from rocrate.rocrate import ROCrate

from sim.errors import ResultsError
from sim.plan.sealed import MANIFEST, checksum
from sim.results.folder import StudyFolder
from sim.results.ledger import LEDGER
from sim.results.listing import ROLES, Kept, kept
from sim.results.store import CRATE, INPUTS, store_text

VERSION: Final = "1.1"
"""Of RO-Crate: the one that archives and checkers read."""
LICENCE: Final = "https://spdx.org/licenses/MIT"
"""Of Convoi; results are under whatever their maker says."""
FORMATS: Final = {".parquet": "application/vnd.apache.parquet", ".sqlite": "application/vnd.sqlite3"}
"""Media types that Python does not know."""
SUM: Final = "https://schema.org/sha256"
"""The term for a checksum, which RO-Crate 1.1 does not have."""


def store_crate(folder: Path, licence: str | None = None) -> Path:
    """Write ``ro-crate-metadata.json`` into the folder of a finished study, and return its path.

    Parameters
    ----------
    folder
        The folder.
    licence
        Address or words of the licence of the results; none is stated if not given.

    Raises
    ------
    ResultsError
        If the folder holds no finished study, a file is not the one that the study made, or it cannot be written.
    """
    study = kept(folder)
    if study.state != "finished":
        state = {"other": f"no study ({study.problem})", "at work": "a study at work"}.get(study.state)
        raise ResultsError(f"{folder} holds {state or 'an interrupted study'}; expected a finished one", folder=folder)
    with StudyFolder(folder, None):
        store_text(folder / CRATE, _crate(study, licence).metadata.generate())
    return folder / CRATE


def _crate(study: Kept, licence: str | None) -> ROCrate:
    crate, about = ROCrate(version=VERSION), study.about
    crate.metadata.extra_terms["sha256"] = SUM
    command, made = str(about.get("command") or "import sim"), about.get("made")
    crate.name = f"{about.get('title')}: a study by Convoi"
    crate.description = f"Simulated fuel supply under attack: {about.get('title')}, seed {about.get('seed')}."
    crate.root_dataset["datePublished"] = made
    if licence is not None:
        crate.root_dataset["license"] = licence

    def entity(identifier: str, kind: str, **more: Any) -> ContextEntity:
        return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **more}))

    versions = about["versions"] if isinstance(about.get("versions"), dict) else {}
    software = entity(
        "#convoi",
        "SoftwareApplication",
        name="Convoi",
        softwareVersion=str(versions.get("convoi")),
        license=LICENCE,
        softwareRequirements=[f"{name} {version}" for name, version in versions.items() if name != "convoi"],
    )
    scenarios = [
        entity(f"#{key}/{number}", "CreativeWork", name=Path(str(file)).name)
        for key in ("scenario", "laid")
        for number, file in enumerate(about[key] if isinstance(about.get(key), list) else [], start=1)
    ]
    identifier = f"sha256:{about.get('digest')}"
    made_by = {"name": "The study", "description": command, "endTime": made, "identifier": identifier}
    files = [*_files(crate, study)]
    inputs = [file for file in files if study.role(file.id) == ROLES[INPUTS]]
    results = [file for file in files if file not in inputs]
    crate.root_dataset["mentions"] = crate.add_action(software, "#study", scenarios + inputs, results, made_by)
    return crate


def _files(crate: ROCrate, study: Kept) -> Iterator[DataEntity]:
    folder, about = study.folder, study.about
    sums = about["sha256"] if isinstance(about.get("sha256"), dict) else {}
    for name in sorted(study.files):
        role = study.role(name)
        if name not in (MANIFEST, LEDGER) and role not in ROLES.values():
            continue
        check = checksum(folder / name)
        if sums.get(name, check) != check:
            message = f"{folder / name} is not the file that the study made: its checksum is {check[:12]}…"
            raise ResultsError(f"{message}; expected {str(sums[name])[:12]}…; run the study again", folder=folder)
        suffix = Path(name).suffix
        properties = {
            "name": name,
            "description": role,
            "contentSize": str(study.files[name]),
            "encodingFormat": FORMATS.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream"),
            "sha256": check,
        }
        yield crate.add_file(str(folder / name), name, properties=properties)
