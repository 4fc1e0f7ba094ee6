"""What does each part of the model do for the fit?  The calibration again, with one part at a time taken out.

Use: python benchmarks/ablation.py [--particles 120] [--sweeps 3] [--seed 1 ...] [--out FOLDER]

Printed are, by variant, the log evidence with its range over seeds, how many of the fitted facts lie in the posterior's
5–95 % band, and which do not.  Fits are kept in the folder and go on there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import text  # noqa: E402

VARIANTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "the model": ((), ()),
    "without fear": ((), ("willingness.fear=0",)),
    "without consumer stocks": ((), ("consumers.calm=0.5 days", "consumers.holds=0.5 days", "consumers.alarmed=1")),
    "not Bamako first": ((), ("inland.policy=proportional",)),
    "nobody alone": (("what-if/escorted-only.yaml",), ()),
    "without roadblocks": ((), ("roadblocks.taken=0", "roadblocks.turned_back=0", "roadblocks.delay=0 h")),
    "any party is prey": ((), ("attacks.prey=0.01",)),
}
"""By name: overlays and settings laid on the blockade."""


def main() -> None:
    """Calibrate and print."""
    import sim
    from sim.scenario.targets import load
    from sim.study.calibrate import Setting, calibrate
    from sim.study.verdicts import coverage, verdicts

    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--particles", type=int, default=120)
    words.add_argument("--sweeps", type=int, default=3)
    words.add_argument("--seed", type=int, action="append")
    words.add_argument("--out", type=Path, default=Path("results") / "ablation")
    words.add_argument("--replay", action="store_true", help="with the recorded convoys and attacks imposed")
    asked = words.parse_args()
    scenarios = ROOT / "scenarios"
    targets = load(scenarios / "targets" / "blockade-2025.yaml")
    also = ("recorded.yaml",) if asked.replay else ()
    rows = []
    for name, (overlays, sets) in VARIANTS.items():
        scenario = sim.load(scenarios / "blockade-2025.yaml", [scenarios / file for file in (*also, *overlays)], sets)
        calibrations = []
        for seed in asked.seed or [1]:
            folder = asked.out / f"{name}-{'replay' if asked.replay else 'free'}-{asked.particles}-{seed}"
            setting = Setting(asked.particles, asked.sweeps, seed)
            calibrations.append(calibrate(scenario, targets, setting, folder=folder, force=True))
            print(f"{name}, seed {seed}: {calibrations[-1].evidence:.1f}", file=sys.stderr, flush=True)
        told = verdicts(calibrations[0].targets, calibrations[0].posterior.values)
        fitted = coverage(told, "fit")
        outside = [verdict.bound.name for verdict in told if verdict.holds is False and verdict.bound.use == "fit"]
        evidence = sorted(calibration.evidence for calibration in calibrations)
        spread = f"{evidence[0]:.1f}" if len(evidence) == 1 else f"{evidence[0]:.1f} to {evidence[-1]:.1f}"
        rows.append([name, spread, f"{fitted.inside} of {fitted.asked}", "; ".join(outside) or "–"])
    print(text(["variant", "log evidence", "facts held", "outside"], rows))


if __name__ == "__main__":
    main()
