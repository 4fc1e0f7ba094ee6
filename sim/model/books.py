"""The day's accounts, closed at midnight, and the balance of fuel at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ModelError
from sim.model.stocks import laden_inside
from sim.rules.orders import TOLERANCE, power_hours
from sim.rules.retail import black_market
from sim.rules.steps import total

if TYPE_CHECKING:
    from sim.model.country import Country
    from sim.model.town import Town


def close_day(country: Country, day: int) -> None:
    """Write the rows of the day that ends now, numbered from the scenario's start; a negative one is not written."""
    for town in country.towns:
        for user in town.depot.users:
            user.burn()
            if day >= 0:
                country.rows.users.append((day, user.number, user.used, user.need * 24.0, user.level))
            country.used[user.product] += user.used
        _close_town(country, town, day)
    _close_flows(country, day)
    if day >= 0:
        _close_stocks(country, day)


def _close_town(country: Country, town: Town, day: int) -> None:
    now, given = country.clock.now, country.plan.consumers
    hours = _power(country, town)
    open_any = town.forecourt.take(now) / (24.0 * town.count)
    if all(market.policy == 0.0 for market in town.markets):
        open_any = 0.0
    for market in town.markets:
        market.advance(now)
        sums = market.take_sums()
        country.sold[market.product] += sums["sold"]
        stock, at_stations = town.depot.level(market.product), market.stock()
        wanted, sold = sums["wanted"], sums["sold"]
        if day < 0:
            continue
        country.rows.towns.append(
            (
                day,
                town.number,
                market.product,
                stock,
                at_stations,
                (stock + at_stations) / (market.burn * 24.0),
                market.held,
                sold,
                wanted,
                sums["given_up"],
                sums["burned"],
                market.burn * 24.0,
                sums["backlog_hours"] / wanted if wanted > 0.0 else 0.0,
                sums["station_hours"] / (24.0 * town.count),
                open_any,
                black_market(wanted + market.backlog, sold, given.black_exponent, given.black_cap),
                hours,
            )
        )


def _power(country: Country, town: Town) -> float:
    """Return hours of power of the day in a town with power stations, else NaN."""
    used = need = 0.0
    for user in town.depot.users:
        if user.power:
            used += user.used
            need += user.need * 24.0
    if need <= 0.0:
        return float("nan")
    policy = country.plan.policy
    return power_hours(policy.power_hours, policy.power_thermal, used / need)


def _close_flows(country: Country, day: int) -> None:
    now = country.clock.now
    for c in country.corridors:
        row = (
            day,
            c.number,
            c.ordered,
            c.loaded,
            c.departed,
            c.escorted,
            c.arrived,
            c.lost,
            c.waiting_order.take(now) / 24.0,
            c.loading.take(now) / 24.0,
            c.closed_hours / 24.0,
            c.refusal_hours / 24.0,
            c.escort_hours / 24.0,
            c.rule_hours / 24.0,
            c.customs.take(now) / 24.0,
            c.unloading.take(now) / 24.0,
            c.short,
            c.no_tanker,
            c.no_crew,
            c.crews.joins(now - 1e-6),
        )
        if day >= 0:
            country.rows.flows.append(row)
        c.ordered = c.loaded = c.departed = c.escorted = c.arrived = c.lost = 0
        c.short = c.no_tanker = c.no_crew = 0
        c.closed_hours = c.refusal_hours = c.escort_hours = c.rule_hours = 0.0


def _close_stocks(country: Country, day: int) -> None:
    for product in range(len(country.plan.products.name)):
        now = _passed(country, product)
        gone = [after - before for after, before in zip(now, country.passed[product], strict=True)]
        country.passed[product] = now
        held = holdings(country, product)
        places = (held["depots"], held["stations"], held["users"], held["lots"], held["tankers"])
        country.rows.stocks.append((day, product, *places, laden_inside(country, product), *gone))


def _passed(country: Country, product: int) -> list[float]:
    """Return what entered, was sold, used, lost and set by hand since the scenario's start, m3."""
    some = (country.entered, country.sold, country.used, country.gone, country.adjusted)
    return [one[product] for one in some]


def open_books(country: Country) -> None:
    """Begin the balance: count what there is."""
    for product in range(len(country.plan.products.name)):
        for some in (country.entered, country.sold, country.used, country.gone, country.adjusted):
            some[product] = 0.0
        country.passed[product] = _passed(country, product)
        country.initial[product] = total(holdings(country, product).values())


def holdings(country: Country, product: int) -> dict[str, float]:
    """Return where the fuel of a product is now, m3."""
    found = {"depots": 0.0, "users": 0.0, "stations": 0.0, "lots": 0.0, "tankers": 0.0}
    for town in country.towns:
        found["depots"] += town.depot.level(product)
        for user in town.depot.users:
            if user.product == product:
                found["users"] += user.level
        for market in town.markets:
            if market.product == product:
                found["stations"] += market.stock()
                for coming in market.coming:
                    found["lots"] += coming
    laden = [tanker for tanker in country.tankers if tanker.laden and tanker.product == product]
    found["tankers"] = len(laden) * country.plan.fleet.load
    return found


def check_balance(country: Country) -> list[dict[str, float]]:
    """Compare, per product, what there was and came in with what was used and is left; return all of them, m3.

    Raises
    ------
    ModelError
        If they differ by more than 1e-9 of what there was and came in.
    """
    found = []
    for product, name in enumerate(country.plan.products.name):
        entered = country.initial[product] + country.entered[product] + country.adjusted[product]
        left = holdings(country, product)
        out = {"sold": country.sold[product], "used": country.used[product], "lost": country.gone[product]}
        difference = entered - total(left.values()) - total(out.values())
        if abs(difference) > TOLERANCE * max(entered, 1.0):
            raise ModelError(
                f"{name} is not conserved: {entered!r} m3 entered, {out} went, {left} is left; "
                f"difference {difference!r} m3"
            )
        came = {"entered": country.entered[product], "adjusted": country.adjusted[product]}
        found.append({"initial": country.initial[product], **came, **out, **left})
    return found
