"""What the replay says: sentences of its page, and those that its script fills in."""

from __future__ import annotations

from collections.abc import Sequence

from sim.language import say, say_counted
from sim.view.words import listed, number


def page_words(
    alternatives: int, *, same: bool, full: bool, undefined: int, product: str, unserved: Sequence[str] = ()
) -> dict[str, str]:
    """Return the sentences of the page about the player, by name.

    Parameters
    ----------
    alternatives
        How many are compared.
    same
        Whether the same ambushes are laid in all of them.
    full
        Whether alternatives or replications were left out, because they have no room.
    undefined
        Replications that have no place in the order, because the measure is undefined in them.
    product
        The lead product, as it is said.
    unserved
        Towns to which no corridor leads.
    """
    tape = ""
    if alternatives > 1 and same:
        tape = say(
            "Both sides play the same replication: the same ambushes are laid on the same roads, "
            "the same days are slow. Replications are ordered by the mean of all strategies."
        )
    elif alternatives > 1:
        tape = say(
            "Both sides play the same replication, with the same luck, but attackers do not lay the same ambushes in "
            "all strategies. Replications are ordered by the mean of all strategies."
        )
    return {
        "intro": say("A replication is one possible course of events, run again from its seed."),
        "press": say("Press play, move the slider, or step from day to day."),
        "how": say(
            "Convoys move along straight lines between places, at the times of the replication's own event log: "
            "departures, meetings and arrivals as they happened, in between at the pace of road and day, with halts "
            "at night. Who left before the first day is not drawn. An attack shows on its whole road, with a cross at "
            "the middle; where on the road it was is not shown."
        ),
        "tape": tape,
        "full": say(
            "A page has no room for all that could be played: other replications, or other strategies, are left out."
        )
        if full
        else "",
        "undefined": say_counted(
            "In {count} more replication the measure is undefined: it is not among these.",
            "In {count} more replications the measure is undefined: they are not among these.",
            undefined,
            count=number(undefined),
        )
        if undefined
        else "",
        "play": say("Play"),
        "pause": say("Pause"),
        "back": say("Day before"),
        "on": say("Day after"),
        "time": say("Time in the replication"),
        "speed": say("Speed"),
        "slow": say("6 hours a second"),
        "normal": say("1 day a second"),
        "quick": say("3 days a second"),
        "fast": say("7 days a second"),
        "next": say("Next attack"),
        "split": say("Where they part"),
        "pick": say("Replication"),
        "left": say("Strategy"),
        "right": say("Beside it"),
        "nothing": say("nothing"),
        "stage": say(
            "Replay. Space plays and pauses, arrow keys step by a day, Home and End go to the first and last day."
        ),
        "map": say(
            "Map of roads, towns and convoys at the moment chosen; the sentences and the table below say the same."
        ),
        "strip": say(
            "Stations open with {product} and stock of {product} in the hub by day; the table below has the numbers.",
            product=product,
        ),
        "table": say("Day by day, as a table"),
        "legend": say("What the signs mean"),
        "alone": say("no escort"),
        "road": say("escort by road"),
        "air": say("escort from the air"),
        "both": say("escort by road and from the air"),
        "size": say("the larger a sign, the more tankers"),
        "queue": say("tankers that wait for a convoy"),
        "gauge": say(
            "a town, {product} alone: the full part of the ring is stations open, mean of the day; the bar beside it "
            "is stock in depot and stations when the day ends, full at ten days of use",
            product=product,
        ),
        "unserved": say(
            "pale: a town to which no corridor of the scenario leads, so that nothing arrives there ({towns})",
            towns=listed(unserved),
        )
        if unserved
        else "",
        "hit": say(
            "attack of the day shown, and tankers lost in it; pale, with its date if there is room: of the day before"
        ),
        "laid": say("road on which ambushes lie, and how many"),
        "browser": say("This browser cannot unpack the replay; the day-by-day charts above show the same."),
    }


def script_words(product: str) -> dict[str, str | list[str]]:
    """Return the messages that the script fills in, by name; a list has the forms of one and of many."""
    lead = {
        "product": product,
        "town": "{town}",
        "share": "{share}",
        "volume": "{volume}",
        "depot": "{depot}",
        "use": "{use}",
    }
    return {
        "clock": say("{date}, {hour}:00"),
        "left": [
            say_counted(
                "{count} tanker leaves with a convoy or alone.", "{count} tankers leave with convoys or alone.", n
            )
            for n in (1, 2)
        ],
        "arrived": [say_counted("{count} arrives.", "{count} arrive.", n) for n in (1, 2)],
        "lost": [say_counted("{count} is lost.", "{count} are lost.", n) for n in (1, 2)],
        "waiting": [say_counted("{count} waits for a convoy.", "{count} wait for a convoy.", n) for n in (1, 2)],
        "open": say("Stations open in {town} with {product}, mean of the day: {share} %.", **lead),
        "stock": say(
            "Stock of {product} there when it ends: {volume} m³, {depot} m³ of it in the depot; {use}.", **lead
        ),
        "use": [say_counted("{count} day of use", "{count} days of use", n) for n in (1, 2)],
        "little": say("under 0.1 days of use"),
        "worth": say("{measure}: {value}", measure="{measure}", value="{value}"),
        "value": say("{value} ({name})", value="{value}", name="{name}"),
        "of_before": say("{count} ({date})", count="{count}", date="{date}"),
        "so_far": say("{name}: lost so far: {lost}, waiting now: {waiting}"),
        "day": say("By the end of {date}:"),
        "side_day": say("{name}, by the end of {date}:"),
        "part": say("The two part on {date} at {hour}:00; up to then all that happens is the same."),
        "part_mark": say("they part"),
        "same": say("The two do not part in this replication: all that happens is the same."),
        "strip_open": say("Stations open with {product}, {town}, mean of the day", **lead),
        "strip_stock": say("Stock of {product}, {town}, 1,000 m³, day's end", **lead),
        "head_day": say("Day"),
        "head_left": say("Tankers leaving"),
        "head_arrived": say("arriving"),
        "head_lost": say("lost"),
        "head_waiting": say("waiting at the day's end"),
        "head_open": say("Stations open with {product}, %, mean of the day", **lead),
        "head_stock": say("Stock of {product} in depot and stations, m³, day's end", **lead),
    }
