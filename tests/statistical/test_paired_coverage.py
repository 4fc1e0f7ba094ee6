"""The 95 % interval of a paired difference against a case with a known answer.

Ambushes laid are Poisson with mean effort x time.  One alternative has twice the effort of the other, whatever is
drawn, so the true mean difference is the mean effort x time.  Over 200 seeds the share of intervals that hold it is
binomial: at 95 % it lies between 91 and 99 % but for one time in a hundred.
"""

from sim.results.ledger import Ledger
from sim.study.alternatives import of_scenarios
from sim.study.campaign import Work, complete
from sim.study.executors import Where
from sim.study.experiment import measures_of
from sim.study.intervals import differences
from tests import build

SEEDS = 200
REPLICATIONS = 12
HOURS = 24.0
HOURS_A_MONTH = 730.5


def country(low, middle, high):
    """Return a country of a day in which next to nothing happens but ambushes being laid."""
    effort = build.ranged(f"{middle} /month", f"{low} /month", f"{high} /month") | {"law": "triangular"}
    zone = {"roads": ["plain"], "effort": effort, "ceiling": "1600 /month"}
    return build.scenario(
        {
            "end": "2030-01-02",
            "towns": {"Capital": build.town(count=1)},
            "fleet": {"size": 1},
            "zones": {"savanna": zone},
        }
    )


def test_the_interval_of_a_paired_difference_covers_the_truth():
    alternatives = of_scenarios({"less": country(200, 400, 600), "more": country(400, 800, 1200)})
    truth = 400.0 / HOURS_A_MONTH * HOURS
    covered, removed = 0, []
    for seed in range(SEEDS):
        works = {alternative.name: Work(alternative.plan, seed, tables="none") for alternative in alternatives}
        with Ledger(None) as ledger:
            complete(works.values(), range(REPLICATIONS), ledger, Where(workers=1))
            measures = measures_of(works, ledger, range(REPLICATIONS))
        row = differences(measures.loc["more"], measures.loc["less"], drawn=True).loc["ambushes_laid"]
        covered += row["mean_low"] <= truth <= row["mean_high"]
        removed.append(row["crn"])
    assert 0.91 <= covered / SEEDS <= 0.99
    assert sum(removed) / SEEDS > 0.3, "the less effort lays a subset of the same ambushes, so pairing pays"
