"""The French README: its commands work and answer in French; what it quotes is tested with README's own run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.calls import convoi
from tests.files import ROOT

FRENCH = (ROOT / "README.fr.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", FRENCH, re.M | re.S)


@pytest.fixture(scope="module", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("lisezmoi")
        (folder / "scenarios").symlink_to(ROOT / "scenarios")
        patch.chdir(folder)
        yield


@pytest.mark.parametrize("line", [line for kind, text in BLOCKS if kind == "bash" for line in text.splitlines()])
def test_a_command_answers_in_french(line: str):
    program, *words = line.partition("#")[0].split()
    assert program == "convoi"
    answer = convoi(*words, *(["--no-figures"] if words[0] in ("run", "compare", "sweep") else []), code=0).stdout
    assert re.search(r"réplications?|graine", answer)


@pytest.mark.parametrize("code", [text for kind, text in BLOCKS if kind == "python"])
def test_the_python_works(code: str):
    with redirect_stdout(StringIO()) as out:
        exec(compile(code, "README.fr.md", "exec"), {})
    assert out.getvalue().startswith("Tutoriel\n4 réplications")


def test_links_are_there():
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", FRENCH) if "://" not in target]
    assert len(targets) > 5
    assert [target for target in targets if not (ROOT / target).is_file()] == []
