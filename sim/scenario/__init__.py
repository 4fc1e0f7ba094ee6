"""What a user writes: parameters with unit, range and source; files that extend files; every problem with its place.

`sim.scenario.load.load` is the way in; importing this package alone imports nothing heavy.
"""
