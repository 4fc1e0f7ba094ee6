"""The kernel in salabim: a component a tanker, resources for the terminal, the bays and the room left in the tank."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.peers.kernel import Hours, Kernel, Kind, Row, Run

salabim.yieldless(False)
Steps = Generator[Any, Any, None]


def ready(kernel: Kernel, hours: Hours) -> Run:
    """Return what runs the kernel once."""
    tables = {name: getattr(hours, name).tolist() for name in ("out", "unload", "home", "drive", "back")}
    return lambda: Country(kernel, **tables).run()


class Country:
    """The road, the depot, and who is on the way.  What salabim would record by itself is switched off."""

    def __init__(self, kernel: Kernel, **tables: Any) -> None:
        self.kernel = kernel
        self.out, self.unload, self.home = tables["out"], tables["unload"], tables["home"]
        self.drive, self.back = tables["drive"], tables["back"]
        self.env = salabim.Environment(trace=False, yieldless=False)
        self.terminal = salabim.Resource("terminal", monitor=False)
        self.bays = salabim.Resource("bays", capacity=kernel.bays, monitor=False)
        self.room = salabim.Resource("room", capacity=kernel.tank, anonymous=True, monitor=False)
        self.waiting: list[tuple[float, Tanker]] = []
        self.escort_free = True
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        for number in range(self.kernel.tankers):
            Tanker(country=self, number=number)
        Dispatch(country=self)
        Use(country=self)
        self.env.run(till=self.kernel.until)
        return self.rows

    def note(self, kind: Kind, number: int) -> None:
        self.rows.append((self.env.now(), kind, number))


class Part(salabim.Component):
    """A component of a country."""

    def setup(self, country: Country, number: int = 0) -> None:
        self.country = country
        self.number = number
        self.status.monitor(False)
        self.mode.monitor(False)


class Tanker(Part):
    def process(self) -> Steps:
        country, kernel, number = self.country, self.country.kernel, self.number
        trip = 0
        while True:
            yield self.request(country.terminal)
            yield self.hold(kernel.slot)
            self.release(country.terminal)
            country.note(Kind.LOADED, number)
            yield self.hold(country.out[number][trip])
            country.note(Kind.READY, number)
            country.waiting.append((country.env.now(), self))
            yield self.passivate()
            yield self.request(country.bays)
            yield self.request((country.room, kernel.lot))
            country.note(Kind.UNLOADING, number)
            yield self.hold(country.unload[number][trip])
            self.release(country.bays)
            country.note(Kind.UNLOADED, number)
            yield self.hold(country.home[number][trip])
            country.note(Kind.BACK, number)
            trip += 1


class Dispatch(Part):
    def process(self) -> Steps:
        country, kernel, convoy = self.country, self.country.kernel, 0
        while True:
            yield self.hold(1.0)
            waiting = country.waiting
            if not country.escort_free or not waiting:
                continue
            if len(waiting) >= kernel.least or country.env.now() - waiting[0][0] >= kernel.longest:
                column, country.waiting = waiting[: kernel.most], waiting[kernel.most :]
                Convoy(country=country, number=convoy, column=[tanker for _, tanker in column])
                convoy += 1


class Convoy(Part):
    def setup(self, country: Country, number: int, column: list[Tanker]) -> None:
        super().setup(country, number)
        self.column = column

    def process(self) -> Steps:
        country, number = self.country, self.number
        country.escort_free = False
        country.note(Kind.CONVOY, number)
        for tanker in self.column:
            country.note(Kind.LEFT, tanker.number)
        yield self.hold(country.drive[number])
        country.note(Kind.ARRIVED, number)
        for tanker in self.column:
            tanker.activate()
        yield self.hold(country.back[number] + country.kernel.rest)
        country.escort_free = True
        country.note(Kind.FREE, number)


class Use(Part):
    def process(self) -> Steps:
        country, kernel = self.country, self.country.kernel
        yield self.hold(kernel.draw_at)
        while True:
            taken = min(int(country.room.claimed_quantity()), kernel.draw)
            country.note(Kind.DRAWN, taken)
            country.room.release(taken)
            yield self.hold(24.0)
