"""Run what README and docs/questions.md show, and write their quoted output and README's pictures anew.

Use: python docs/images/regenerate.py [run] [compare] [questions], then read the sentences about the figures again.
All three take some minutes on two cores; a study that was interrupted goes on.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
FRENCH = ROOT / "README.fr.md"
QUESTIONS = ROOT / "docs" / "questions.md"
IMAGES = ROOT / "docs" / "images"
PICTURES = {"run": ("stock-bamako.png",), "compare": ("forest.png", "break-even.png")}
SCENARIO = "scenarios/blockade-2025.yaml"
POSTERIOR = ("--overlay", "scenarios/posteriors/pump-free.yaml")
SETS = {"hindcast": (*POSTERIOR, "--hindcast"), "fitted parameters, other luck": POSTERIOR, "ranges, any luck": ()}
"""By what README calls them: what is laid on the scenario; the first is what `make run` runs."""
FOLDER = f"results/run_blockade-2025_pump-free_hindcast=yes_{date.today()}"
COLOURS = 224
GAP = "…"
WIDE = 400
"""Columns in which no table is folded."""
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


LEFT_OUT = ("Tables", "Figures", "Regret", "With ", "This measures")
"""First words of the parts of the comparison that README leaves out, beside the table of further differences
and the break-even, of which it has the picture."""
HEADS = ("Found: ", "By town ", "Smallest ", "Troops ", "Aircraft ", "Break-even", "On ")
"""First words of the parts of an answer that are quoted under a question."""


def main() -> None:
    """Do what is asked for, all of it if nothing is."""
    asked = sys.argv[1:] or ["run", "compare", "questions"]
    for part in asked:
        {"run": run, "compare": compare, "questions": questions}[part]()


def run() -> None:
    """Run the quick commands and rewrite README and its picture."""
    command = ("run", SCENARIO, *SETS["hindcast"], "-n", "200", "--force", "--out", FOLDER)
    text, wide = convoi(*command), convoi(*command, width=WIDE)
    shares = convoi("evidence", SCENARIO).rstrip().splitlines()[-1]
    rewrite(
        README,
        {
            "answer": fenced("text", shortened(text)),
            "beside": beside(),
            "record": record(wide),
            "evidence": fenced("console", [f"$ convoi evidence {SCENARIO} | tail -1", shares]),
        },
    )
    draw("run", ROOT / FOLDER)  # before the same study is told in French
    rewrite(FRENCH, {"answer": fenced("text", briefly(convoi(*command, "--no-figures", "--lang", "fr")))})


def compare() -> None:
    """Run README's comparison and rewrite its quotation and its pictures."""
    (command,) = re.findall(r"^convoi (compare .* --break-even)$", README.read_text(encoding="utf-8"), re.M)
    folder = "results/readme-compare"
    text = convoi(*shlex.split(command), "--force", "--out", folder)
    parts = [part.splitlines() for part in text.strip().split("\n\n")]
    kept = [part for part in parts if not part[0].startswith(LEFT_OUT) and " need met, " not in head(part)[14:40]]
    rewrite(README, {"compare": fenced("text", [line for part in kept for line in (*part, "")][:-1])})
    draw("compare", ROOT / folder)


def questions() -> None:
    """Run the command of each question and rewrite what is quoted under it."""
    page = QUESTIONS.read_text(encoding="utf-8")
    for command, name in re.findall(r"^```sh\nconvoi (.*)\n```\n\n<!-- made by [^:]+: (.*) -->", page, re.M):
        text = convoi(*shlex.split(command), "--no-figures", "--force", "--out", f"results/question-{name}")
        rewrite(QUESTIONS, {name: fenced("text", quoted(text))})


def quoted(text: str) -> list[str]:
    """Return the parts of an answer that are quoted under a question."""
    parts = [part.splitlines() for part in text.strip().split("\n\n")]
    kept = [part for part in parts if head(part).startswith(HEADS) or " against ‘as it is’: " in part[0]]
    return [line for part in kept for line in (*part, "")][:-1]


def rewrite(page: Path, parts: dict[str, str]) -> None:
    """Put parts into a page between their marks."""
    text = page.read_text(encoding="utf-8")
    for name, part in parts.items():
        place = re.compile(rf"(<!-- made by docs/images/regenerate.py: {name} -->\n).*?(<!-- end -->)", re.S)
        text, times = place.subn(lambda match, part=part: f"{match[1]}{part}\n{match[2]}", text)
        assert times == 1, name
    page.write_text(text, encoding="utf-8")
    print(f"wrote {', '.join(parts)} into {page.relative_to(ROOT)}")


def convoi(*words: str, width: int = 100) -> str:
    """Return what the command prints."""
    call = [sys.executable, "-c", "from sim.cli.main import main; main(prog_name='convoi')", *words]
    around = {**os.environ, "COLUMNS": str(width)}
    return subprocess.run(call, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True, check=True).stdout


def shortened(text: str) -> list[str]:
    """Return the lines that README quotes, with a mark where lines are left out."""
    kept: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = block.splitlines()
        top = rule(lines) + 1
        if head(lines).startswith("By town "):
            kept += [*lines[: top + TOWNS], GAP]
        elif head(lines).startswith("Measure "):
            rows = [line for line in lines[top:] if line.startswith(QUOTED)]
            kept += [*lines[:top], *rows, GAP]
        elif head(lines).startswith("On record "):
            kept += [*tally(lines), ""]
        else:
            kept += [*lines, ""]
    return kept[:-1]


def briefly(text: str) -> list[str]:
    """Return the parts of an answer in another language that have no table, but for where tables and figures are."""
    blocks = [block for block in text.strip().split("\n\n") if not rule(block.splitlines()) and "results/" not in block]
    opening, said, *rest = blocks
    return "\n\n".join((opening, said, *(f"{GAP}\n{block}" for block in rest))).splitlines()


def rule(lines: list[str]) -> int:
    """Return the place of the rule under the heads of a table; 0 if the lines have none."""
    return next((k for k, line in enumerate(lines) if line.startswith("───")), 0)


def head(lines: list[str]) -> str:
    """Return the line of heads of a table, or else the first line."""
    return lines[max(0, rule(lines) - 1)]


def record(text: str) -> str:
    """Return the table of the record as Markdown."""
    block = next(block for block in text.split("\n\n") if head(block.splitlines()).startswith("On record "))
    heads, _, *lines = block.splitlines()
    said = tally(lines)
    rows = ["| " + " | ".join(row) + " |" for row in rows_of(lines[: -len(said)])]
    titles = [*re.split(r"\s{2,}", heads)[:-1], ""]
    return "\n".join(["| " + " | ".join(titles) + " |", "|---|---:|---|---:|---:|---|", *rows, "", *said])


BESIDE = {
    "first_shortage": "First shortage of petrol in Bamako",
    "days_half_closed": "Days with under half of Bamako's stations open",
    "imports.2025-09": "Imports in September, ML",
    "imports.2025-10": "Imports in October, ML",
    "convoys_escorted": "Convoys with escort",
    "tankers_lost": "Tankers lost",
    "need_met.Bamako": "Need met in Bamako",
}
"""Measures of the table that sets prior and posterior beside each other."""


def beside() -> str:
    """Return medians and bands of a few measures by set of replications, as Markdown."""
    from sim.scenario.load import load
    from sim.view.words import describe, range_words

    start = load(ROOT / SCENARIO).start
    rows = [[words] for words in BESIDE.values()]
    for place, words in enumerate(SETS.values()):
        folder = FOLDER if not place else f"{FOLDER}-{place}"
        if place:
            convoi("run", SCENARIO, *words, "-n", "200", "--force", "--out", folder)
        measures = pd.read_parquet(ROOT / folder / "measures.parquet")
        for row, name in zip(rows, BESIDE, strict=True):
            column = measures[name].fillna(float("inf"))  # never: after every date
            low, median, high = (
                "not in the run" if end == float("inf") else describe(name, start).text(float(end))
                for end in column.quantile((0.05, 0.5, 0.95), interpolation="nearest")
            )
            row.append(f"{median} ({range_words(low, high)})")
    heads = ["Median and 5–95 % of 200 replications", *SETS]
    lines = [heads, ["---", *["---:"] * len(SETS)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


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


def draw(part: str, folder: Path) -> None:
    """Keep a study's figures with fewer colours, which makes the files a third as large."""
    from PIL import Image

    for name in PICTURES[part]:
        with Image.open(folder / name) as picture:
            few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
