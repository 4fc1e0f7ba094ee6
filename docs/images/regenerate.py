"""Run what README shows, and write its quoted output and its picture anew.

Use: python docs/images/regenerate.py, then read README's sentences about the figures again.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "stock-bamako.png"
SCENARIO = "scenarios/blockade-2025.yaml"
FOLDER = "results/blockade-2025"
COLOURS = 96
GAP = "…"
TOWNS = 3
"""Rows of the table of towns that README quotes."""
QUOTED = (
    "First shortage",
    "Imports in September",
    "Imports in October",
    "Convoys with escort",
    "Tankers lost",
    "Largest single loss",
    "Waiting, refusal",
    "Waiting, lack of escorts",
    "Waiting, customs",
    "Need met in the worst-off town",
)
"""Rows of the table of measures that README quotes."""


def main() -> None:
    """Run the two commands and rewrite README and its picture."""
    text = convoi("run", SCENARIO, "-n", "20", "--out", FOLDER)
    shares = convoi("evidence", SCENARIO).rstrip().splitlines()[-1]
    parts = {
        "answer": fenced("text", shortened(text)),
        "record": record(text),
        "evidence": fenced("console", [f"$ convoi evidence {SCENARIO} | tail -1", shares]),
    }
    readme = README.read_text(encoding="utf-8")
    for name, part in parts.items():
        place = re.compile(rf"(<!-- made by docs/images/regenerate.py: {name} -->\n).*?(<!-- end -->)", re.S)
        readme, times = place.subn(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", readme)
        assert times == 1, name
    README.write_text(readme, encoding="utf-8")
    draw(ROOT / FOLDER / PICTURE.name)
    print(f"wrote {README.relative_to(ROOT)} and {PICTURE.relative_to(ROOT)}")


def convoi(*words: str) -> str:
    """Return what the command prints."""
    code = "from sim.cli.main import main; main(prog_name='convoi')"
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def shortened(text: str) -> list[str]:
    """Return the lines that README quotes, with a mark where lines are left out."""
    kept: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = block.splitlines()
        head = next((k for k, line in enumerate(lines) if line.startswith("Measure ")), None)
        if lines[0].startswith("By town "):
            rows = lines[2 : 2 + TOWNS]
            kept += [*lines[:2], *rows, GAP]
        elif head is not None:
            rows = [line for line in lines[head + 2 :] if line.startswith(QUOTED)]
            kept += [*lines[: head + 2], *rows, GAP]
        elif lines[0].startswith("On record "):
            kept += [*tally(lines), ""]
        else:
            kept += [*lines, ""]
    return kept[:-1]


def record(text: str) -> str:
    """Return the table of the record as Markdown."""
    block = next(block for block in text.split("\n\n") if block.startswith("On record "))
    heads, _, *lines = block.splitlines()
    said = tally(lines)
    rows = ["| " + " | ".join(row) + " |" for row in rows_of(lines[: -len(said)])]
    titles = [*re.split(r"\s{2,}", heads)[:-1], ""]
    return "\n".join(["| " + " | ".join(titles) + " |", "|---|---:|---|---:|---:|---|", *rows, "", *said])


def tally(lines: list[str]) -> list[str]:
    """Return the last lines of the record, which count how many documented values are met."""
    first = next(k for k, line in enumerate(lines) if re.match(r"\d+ documented values", line))
    return lines[first:]


def rows_of(lines: list[str]) -> Iterator[list[str]]:
    """Return the cells of each row, the folded lines of the first column joined."""
    row: list[str] = []
    for line in lines:
        cells = re.split(r"\s{2,}", line)
        if len(cells) > 1:
            if row:
                yield row
            row = cells
        else:
            row[0] += f" {line}"
    yield row


def fenced(kind: str, lines: list[str]) -> str:
    """Return lines as a block of code."""
    return "\n".join([f"```{kind}", *lines, "```"])


def draw(made: Path) -> None:
    """Keep the figure with fewer colours, which makes the file a third as large."""
    from PIL import Image

    with Image.open(made) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
