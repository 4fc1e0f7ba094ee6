"""The kernel in SimPy: a process a tanker, resources for the terminal and the bays, a container for the tank."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from benchmarks.peers.kernel import Hours, Kernel, Kind, Row, Run

if TYPE_CHECKING:
    Steps = Generator[simpy.Event, Any, None]


def ready(kernel: Kernel, hours: Hours) -> Run:
    """Return what runs the kernel once."""
    tables = [getattr(hours, name).tolist() for name in ("out", "unload", "home", "drive", "back")]
    return lambda: Country(kernel, *tables).run()


class Country:
    """The road, the depot, and who is on the way."""

    def __init__(self, kernel: Kernel, out: Any, unload: Any, home: Any, drive: Any, back: Any) -> None:
        self.kernel = kernel
        self.out, self.unload, self.home, self.drive, self.back = out, unload, home, drive, back
        self.env = simpy.Environment()
        self.terminal = simpy.Resource(self.env)
        self.bays = simpy.Resource(self.env, kernel.bays)
        self.tank = simpy.Container(self.env, kernel.tank)
        self.waiting: list[tuple[float, int, simpy.Event]] = []
        self.escort_free = True
        self.rows: list[Row] = []

    def run(self) -> list[Row]:
        for number in range(self.kernel.tankers):
            self.env.process(self.tanker(number))
        self.env.process(self.dispatch())
        self.env.process(self.use())
        self.env.run(self.kernel.until)
        return self.rows

    def note(self, kind: Kind, number: int) -> None:
        self.rows.append((self.env.now, kind, number))

    def tanker(self, number: int) -> Steps:
        env, kernel = self.env, self.kernel
        trip = 0
        while True:
            with self.terminal.request() as slot:
                yield slot
                yield env.timeout(kernel.slot)
            self.note(Kind.LOADED, number)
            yield env.timeout(self.out[number][trip])
            self.note(Kind.READY, number)
            arrival = env.event()
            self.waiting.append((env.now, number, arrival))
            yield arrival
            with self.bays.request() as bay:
                yield bay
                yield self.tank.put(kernel.lot)
                self.note(Kind.UNLOADING, number)
                yield env.timeout(self.unload[number][trip])
            self.note(Kind.UNLOADED, number)
            yield env.timeout(self.home[number][trip])
            self.note(Kind.BACK, number)
            trip += 1

    def dispatch(self) -> Steps:
        env, kernel, convoy = self.env, self.kernel, 0
        while True:
            yield env.timeout(1.0)
            if not self.escort_free or not self.waiting:
                continue
            if len(self.waiting) >= kernel.least or env.now - self.waiting[0][0] >= kernel.longest:
                column, self.waiting = self.waiting[: kernel.most], self.waiting[kernel.most :]
                env.process(self.convoy(convoy, column))
                convoy += 1

    def convoy(self, number: int, column: list[tuple[float, int, simpy.Event]]) -> Steps:
        self.escort_free = False
        self.note(Kind.CONVOY, number)
        for _, tanker, _ in column:
            self.note(Kind.LEFT, tanker)
        yield self.env.timeout(self.drive[number])
        self.note(Kind.ARRIVED, number)
        for _, _, arrival in column:
            arrival.succeed()
        yield self.env.timeout(self.back[number] + self.kernel.rest)
        self.escort_free = True
        self.note(Kind.FREE, number)

    def use(self) -> Steps:
        yield self.env.timeout(self.kernel.draw_at)
        while True:
            taken = min(self.tank.level, self.kernel.draw)
            self.note(Kind.DRAWN, taken)
            if taken:
                yield self.tank.get(taken)
            yield self.env.timeout(24.0)
