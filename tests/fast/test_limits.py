"""Large replications: they stop when they are told to, say what they cost, and take no more memory than they may."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

import sim
from sim.errors import ModelError, RoomError, StoppedError
from sim.fast import Twin, room
from sim.fast import twin as twins
from sim.fast.layout import Country
from sim.fast.records import memory_of
from sim.halt import Halt, obeyed
from sim.plan import build
from sim.study.campaign import Job, Work, do
from sim.study.engine import prepare
from sim.study.executors import Where, each
from sim.study.notes import MANY_EVENTS, cost
from sim.study.replicate import simulate
from sim.world.nature import nature

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
LOTS = """
end: day 10
products: {petrol: {need: NEED m3/h}}
towns: {Capital: {depot: {capacity: 10 days, target: 1}, stations: {count: 500, tank: 1000 m3, spread: 1}}}
retail: {lot: 0.5 m3, reorder: 100 h}
"""


def zones(path, count, month):
    """Write an overlay with many zones of one road each, whose tape has some candidates a month in each."""
    lines = ["junctions:", *(f"  J{k}: {{at: {{lat: 1, lon: 1}}}}" for k in range(count + 1))]
    road = "length: 10 km, pace: 40 km/h"
    lines += ["roads:", *(f"  R{k}: {{from: J{k}, to: J{k + 1}, {road}}}" for k in range(count))]
    of = f"effort: 0 /month, ceiling: {month} /month, mines: 1 /month"
    lines += ["zones:", *(f"  Z{k}: {{roads: [R{k}], {of}}}" for k in range(count))]
    path.write_text("\n".join(lines))
    return path


def lots(path, need):
    path.write_text(LOTS.replace("NEED", str(need)))
    return path


@pytest.fixture(scope="module")
def endless(tmp_path_factory):
    """A plan whose replication takes minutes."""
    prepare()
    path = lots(tmp_path_factory.mktemp("endless") / "lots.yaml", 100_000)
    return build(sim.load(SCENARIOS / "tutorial.yaml", path))


def events_of(plan, engine, replication):
    return simulate(plan, 1, replication, engine=engine).events


def interrupted(call):
    """Return how long a call goes on once Ctrl-C is pressed."""
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    before = threading.active_count()
    timer = threading.Timer(0.7, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        call()
    took = time.monotonic() - pressed[0]
    timer.join()
    assert threading.active_count() == before
    return took


def test_ctrl_c_stops_a_replication_of_the_main_thread(endless):
    assert interrupted(lambda: events_of(endless, "fast", 0)) < 2


def test_ctrl_c_while_the_other_thread_begins_stops_it_too(monkeypatch):
    class Pressed(threading.Thread):
        def start(self):
            super().start()
            raise KeyboardInterrupt

    before, told = threading.active_count(), threading.Event()
    monkeypatch.setattr(twins, "Thread", Pressed)
    with pytest.raises(KeyboardInterrupt):
        twins.stoppable(lambda: told.wait(60), told.set)
    assert told.is_set()
    assert threading.active_count() == before


@pytest.mark.parametrize("engine", ["fast", "simpy"])
def test_ctrl_c_stops_the_replications_of_threads(endless, engine):
    with closing(each(partial(events_of, endless, engine), range(100), Where(2, threads=True))) as done:
        assert interrupted(lambda: list(done)) < 2


def test_ctrl_c_stops_a_tape_of_millions(tmp_path):
    prepare()
    overlay = zones(tmp_path / "zones.yaml", 100, 7000)
    plan = build(sim.load(SCENARIOS / "tutorial.yaml", overlay))
    assert interrupted(lambda: events_of(plan, "fast", 0)) < 2


def test_ctrl_c_ends_a_run_within_two_seconds(tmp_path):
    overlay = lots(tmp_path / "lots.yaml", 100_000)
    words = [
        "run",
        str(SCENARIOS / "tutorial.yaml"),
        "--overlay",
        str(overlay),
        "-n",
        "4",
        "--out",
        str(tmp_path / "o"),
    ]
    code = "from sim.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert any("large scenario: about" in process.stderr.readline() for _ in range(3))
        time.sleep(2)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert time.monotonic() - began < 2
    assert (process.returncode, out, error[:12]) == (130, "", "interrupted;")


def test_what_is_told_to_stop_begins_nothing(endless):
    halt = Halt()
    halt.tell()
    for engine in ("fast", "simpy"):
        with obeyed(halt), pytest.raises(StoppedError):
            events_of(endless, engine, 0)


def seconds(plan):
    twin, given = Twin(plan), nature(plan, 1, 0)
    twin.replicate(given)  # grows its memory
    return min(timed(twin, given) for _ in range(2))


def timed(twin, given):
    began = time.process_time()
    twin.replicate(given)
    return time.process_time() - began


def test_four_times_the_zones_take_four_times_as_long(tmp_path):
    few, many = (
        seconds(build(sim.load(SCENARIOS / "tutorial.yaml", zones(tmp_path / f"{count}.yaml", count, 2000))))
        for count in (15, 60)
    )
    assert many < 10 * few, "zone by zone insertion takes sixteen times as long"


@pytest.mark.parametrize(
    ("scenario", "overlays"),
    [
        ("tutorial", []),
        ("blockade-2025", []),
        ("mali", []),
        ("mali", ["scope/all.yaml"]),
        ("tutorial", ["zones"]),
        ("tutorial", ["lots"]),
    ],
)
def test_the_cost_is_foretold_within_a_factor_of_three(scenario, overlays, tmp_path):
    prepare()
    made = {"zones": partial(zones, tmp_path / "z.yaml", 20, 2000), "lots": partial(lots, tmp_path / "l.yaml", 2000)}
    paths = [made[name]() if name in made else SCENARIOS / name for name in overlays]
    plan = build(sim.load(SCENARIOS / f"{scenario}.yaml", paths))
    twin = Twin(plan)
    record = twin.replicate(nature(plan, 1, 0, central=True))
    told = cost(plan)
    assert record.events / 3 < told.events < 3 * record.events
    taken = 8 * Country(memory_of(twins._THREAD.words), 0).free
    assert taken / 3 < told.bytes < 3 * taken
    assert told.note is None


def test_a_large_scenario_is_told(endless):
    assert cost(endless).events > MANY_EVENTS
    assert cost(endless).note.endswith("a replication, most of it lots of stations (needs, retail.lot)")


def test_a_replication_that_needs_more_memory_than_it_may_have_fails_in_plain_words(endless, monkeypatch):
    monkeypatch.setattr(room, "MOST", 1 << 19)
    with pytest.raises(RoomError, match=r"of memory, the most that it may have; make") as caught:
        do(Job(Work(endless, 1), 0))
    assert isinstance(caught.value, ModelError)
    assert events_of(build(sim.load(SCENARIOS / "tutorial.yaml")), "fast", 0) > 0


def test_memory_that_is_not_free_is_not_asked_for(endless, monkeypatch):
    monkeypatch.setattr(room, "available", lambda: 1 << 20)
    with pytest.raises(RoomError, match=r"and 0.0 GiB are free; make the scenario smaller"):
        events_of(endless, "fast", 0)


def test_what_is_free_is_read_of_the_machine_and_of_the_container(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(room, "GROUP", tmp_path)
    assert room.available() is None
    (tmp_path / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable: 5000 kB\n")
    assert room.available() == 5000 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("3000000\n")
    (tmp_path / "memory.stat").write_text("anon 2000000\ninactive_file 500000\n")
    assert room.available() == 5000 * 1024
    (tmp_path / "memory.max").write_text("4000000\n")
    assert room.available() == 1_500_000
