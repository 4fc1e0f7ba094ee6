"""Every number that `convoi show` lists can be set: alone, all at once, and by an overlay."""

import json
from datetime import timedelta
from math import isclose

import pytest

import sim
from sim.scenario.fields import Moment
from tests import build
from tests.files import write

COUNTS = {"units", "count", "bays", "size", "min", "max", "lost", "smallest", "tankers"}


def other(path, number):
    """Return another legal value of a number as a user writes it, and as the model sees it; close to the old one."""
    if isinstance(number, Moment):
        if path in ("start", "end"):
            at = number.at + timedelta(days=-1 if path == "start" else 1)
            return f"{at:%Y-%m-%d}", at
        if number.at is None:
            later = 1 if path == "national_stock.at" else 0.5  # a national stock is that of a midnight
            return f"day {number.day + later:g}", number.day + later
        at = number.at + timedelta(hours=1)
        return f"{at:%Y-%m-%d %H:%M}", at
    last = [step for step in path.split(".") if not step.isdecimal()][-1]
    if last == "open":
        value = 1 - number.value
    elif last in COUNTS:
        value = number.value - 1 if number.value > 1 else number.value + 1
    elif path == "warmup":
        value = number.value + 24
    elif number.value == 0:
        value = 1e-4 if number.unit == "1/h" else 0.01
    else:
        value = number.value * 0.99
    return (repr(value) if number.unit == "1" else f"{value!r} {number.unit}"), value


def numbers_of(scenario):
    """Return the numbers that may be set: an exogenous corridor has no tankers, and is refused any."""
    corridors = scenario.root.corridors.items()
    exogenous = {f"corridors.{name}.fleet" for name, corridor in corridors if corridor.kind == "exogenous"}
    return [(path, number) for path, number, _ in scenario.numbers() if path not in exogenous]


def settings_of(scenario):
    """Return the settings of all numbers, and the values that they should lead to, by path."""
    pairs = {path: other(path, number) for path, number in numbers_of(scenario)}
    return [f"{path}={text}" for path, (text, _) in pairs.items()], {path: value for path, (_, value) in pairs.items()}


def value_of(number):
    if not isinstance(number, Moment):
        return number.value
    return number.day if number.at is None else number.at


def same(a, b):
    return isclose(a, b, rel_tol=1e-12) if isinstance(a, float) and isinstance(b, float | int) else a == b


def values(scenario):
    return {path: value_of(number) for path, number in numbers_of(scenario)}


def test_each_number_of_a_small_country_alone():
    """The number takes the value, loses its range, says that it was set, and no other number moves."""
    before = build.scenario(build.INLAND, build.EVERYTHING)
    old = values(before)
    for setting in settings_of(before)[0]:
        path = setting.partition("=")[0]
        after = sim.load(before, sets=[setting])
        new = values(after)
        wanted = other(path, next(number for name, number, _ in before.numbers() if name == path))[1]
        assert same(new[path], wanted), setting
        assert {name for name in old if new[name] != old[name]} == {path}, setting
        number = next(number for name, number, _ in after.numbers() if name == path)
        assert number.certain
        assert number.source == "assumption"
        assert "command line" in number.why
        assert after.digest != before.digest or path.startswith(("marks.", "documented."))


def check_all(path, overlays=()):
    before = sim.load(path, overlays)
    sets, wanted = settings_of(before)
    after = values(sim.load(path, overlays, sets))
    assert set(after) == set(wanted)
    missed = {name: (after[name], value) for name, value in wanted.items() if not same(after[name], value)}
    assert missed == {}
    assert all(after[name] != value for name, value in values(before).items())
    return len(wanted)


def test_all_numbers_of_the_blockade_at_once(root):
    folder = root / "scenarios"
    assert check_all(folder / "blockade-2025.yaml", [folder / "scope" / "all.yaml"]) > 500


@pytest.mark.parametrize("name", ["tutorial", "mali"])
def test_all_numbers_of_other_shipped_scenarios_at_once(root, name):
    check_all(root / "scenarios" / f"{name}.yaml")


def test_every_twelfth_number_of_the_blockade_alone(root):
    """More than the numbers that a single load could hide behind each other."""
    path = root / "scenarios" / "blockade-2025.yaml"
    before = sim.load(path)
    sets, wanted = settings_of(before)
    chosen = [setting for setting in sets if not setting.startswith(("start=", "end="))][::12]
    assert len(chosen) > 40
    for k in range(0, len(chosen), 4):
        after = values(sim.load(path, sets=chosen[k : k + 4]))
        for setting in chosen[k : k + 4]:
            name = setting.partition("=")[0]
            assert same(after[name], wanted[name]), setting


@pytest.mark.parametrize("name", ["blockade-2025", "mali", "tutorial"])
def test_an_overlay_can_say_every_number(root, tmp_path, name):
    """Lists are replaced whole, so an overlay restates them; every other number it states alone."""
    path = root / "scenarios" / f"{name}.yaml"
    before = sim.load(path)
    content, wanted = {}, {}
    for dotted, number in numbers_of(before):
        steps = dotted.split(".")
        if any(step.isdecimal() for step in steps):
            continue
        text, wanted[dotted] = other(dotted, number)
        part = content
        for step in steps[:-1]:
            part = part.setdefault(step, {})
        part[steps[-1]] = {"value": text, "source": "assumption", "why": "another value"}
    overlay = write(tmp_path / "overlay.yaml", json.dumps(content))
    after = values(sim.load(path, [overlay]))
    assert all(same(after[dotted], value) for dotted, value in wanted.items())
    assert len(wanted) > 80
