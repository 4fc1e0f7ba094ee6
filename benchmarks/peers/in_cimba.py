"""The kernel in cimba, which compiles model classes with Numba and runs them on a discrete-event engine in C.

Events are recorded in data sets, cimba's way to hand out what happened in a trial.
"""

from __future__ import annotations

import cimba as cb
import numpy as np
from cimba import inputs
from numpy.typing import NDArray

from benchmarks.peers.kernel import EVENT, Hours, Kernel, Kind, Run

K = {kind.name: int(kind) for kind in Kind}
LOADED, READY, DEPARTED, LEFT, ARRIVED = K["LOADED"], K["READY"], K["CONVOY"], K["LEFT"], K["ARRIVED"]
UNLOADING, UNLOADED, BACK, FREE, DRAWN = K["UNLOADING"], K["UNLOADED"], K["BACK"], K["FREE"], K["DRAWN"]
COLUMNS = ("time", "kind", "number")


class Tanker(cb.Model):
    """A tanker, its random hours, and when it was ready last."""

    country: cb.Ref[Country]
    number: int = 0
    since: float = 0.0
    process: int = 0
    out: cb.Input[float]
    unload: cb.Input[float]
    home: cb.Input[float]

    @cb.process
    def drive(self):
        country = self.country
        self.process = cb.this_process().pointer
        while True:
            country.terminal.acquire()
            cb.hold(country.slot)
            country.terminal.release()
            country.note(LOADED, self.number)
            cb.hold(self.out.next())
            country.note(READY, self.number)
            self.since = cb.now()
            country.waiting[(country.first + country.count) % len(country.waiting)] = self.number
            country.count += 1
            cb.suspend()
            country.bays.acquire()
            while country.level + country.lot > country.tank:
                country.change.wait_until(country.has_room)
            country.level += country.lot
            country.note(UNLOADING, self.number)
            cb.hold(self.unload.next())
            country.bays.release()
            country.note(UNLOADED, self.number)
            cb.hold(self.home.next())
            country.note(BACK, self.number)


class Convoy(cb.Model):
    """A convoy on the road; its column is the country's, as there is one escort."""

    country: cb.Ref[Country]
    number: int = 0

    @cb.process
    def drive(self):
        country = self.country
        cb.hold(country.drive.next())
        country.note(ARRIVED, self.number)
        for place in range(country.size):
            cb.Process(country.tankers[country.column[place]].process).resume()
        cb.hold(country.back.next() + country.rest)
        country.escort_free = True
        country.note(FREE, self.number)


class Country(cb.Model):
    """The road, the depot, and who is on the way."""

    tankers: list[Tanker]
    slot: float = 0.0
    least: int = 0
    most: int = 0
    longest: float = 0.0
    rest: float = 0.0
    lot: int = 0
    tank: int = 0
    draw: int = 0
    draw_at: float = 0.0

    level: int = 0
    first: int = 0
    count: int = 0
    size: int = 0
    convoys: int = 0
    escort_free: bool = True
    waiting: cb.Array[int]
    column: cb.Array[int]

    terminal: cb.Resource
    bays: cb.Resource
    change: cb.Condition
    drive: cb.Input[float]
    back: cb.Input[float]
    time: cb.Dataset
    kind: cb.Dataset
    number: cb.Dataset

    def __init__(self, kernel: Kernel, hours: Hours) -> None:
        for name in ("slot", "least", "most", "longest", "rest", "lot", "tank", "draw", "draw_at"):
            setattr(self, name, getattr(kernel, name))
        self.bays = cb.Resource(capacity=kernel.bays)
        self.waiting, self.column = cb.Array(kernel.tankers), cb.Array(kernel.most)
        self.drive, self.back = inputs.trace(hours.drive), inputs.trace(hours.back)
        self.tankers = [Tanker() for _ in range(kernel.tankers)]
        for number, tanker in enumerate(self.tankers):
            tanker.country, tanker.number = self, number
            for name in ("out", "unload", "home"):
                setattr(tanker, name, inputs.trace(getattr(hours, name)[number]))
        for name in COLUMNS:
            setattr(self, name, cb.Dataset())
            getattr(self, name).capture()

    @cb.function
    def note(self, kind: int, number: int) -> None:
        self.time.record(cb.now())
        self.kind.record(kind)
        self.number.record(number)

    @cb.predicate
    def has_room(self):
        return self.level + self.lot <= self.tank

    @cb.process
    def dispatch(self):
        while True:
            cb.hold(1.0)
            if not self.escort_free or self.count == 0:
                continue
            since = self.tankers[self.waiting[self.first]].since
            if self.count >= self.least or cb.now() - since >= self.longest:
                self.escort_free = False
                self.note(DEPARTED, self.convoys)
                self.size = min(self.count, self.most)
                for place in range(self.size):
                    self.column[place] = self.waiting[self.first]
                    self.note(LEFT, self.column[place])
                    self.first = (self.first + 1) % len(self.waiting)
                self.count -= self.size
                cb.spawn(Convoy, country=self, number=self.convoys)
                self.convoys += 1

    @cb.process
    def use(self):
        cb.hold(self.draw_at)
        while True:
            taken = min(self.level, self.draw)
            self.note(DRAWN, taken)
            self.level -= taken
            self.change.signal()
            cb.hold(24.0)


def ready(kernel: Kernel, hours: Hours) -> Run:
    """Return what runs the kernel once; the first call in a process compiles it."""
    country = Country(kernel, hours)
    experiment = cb.Experiment(country, window=cb.Window(duration=kernel.until))

    def run() -> NDArray[np.void]:
        results = experiment.run(workers=1)
        if results.failed.any():
            raise RuntimeError(results.failure_reasons[0, 0])
        columns = {name: getattr(results[country], name).trial(0, 0)[1] for name in COLUMNS}
        rows = np.empty(len(columns["time"]), EVENT)
        for name in COLUMNS:
            rows[name] = columns[name]
        return rows

    return run
