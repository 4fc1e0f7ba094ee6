"""What the replay says: sentences of its page, and those that its script fills in."""

from __future__ import annotations

from sim.language import say, say_counted


def page_words(alternatives: int) -> dict[str, str]:
    """Return the sentences of the page about the player, by name."""
    return {
        "intro": say(
            "A replication is one possible course of events, run again from its seed. Press play, move the slider, or "
            "step from day to day."
        ),
        "how": say(
            "Convoys move along straight lines between places, at the times of the replication's own event log: "
            "departures, meetings and arrivals as they happened, in between at the pace of road and day, with halts at "
            "night. An attack shows on its whole road, with a cross at the middle; where on the road it was is not shown."
        ),
        "tape": say(
            "Both sides play the same replication: the same ambushes are laid on the same roads, the same days are slow. "
            "Replications are ordered by the mean of all strategies."
        )
        if alternatives > 1
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
        "pick": say("Replication"),
        "left": say("Strategy"),
        "right": say("Beside it"),
        "nothing": say("nothing"),
        "stage": say("Replay. Space plays and pauses, arrow keys step by a day, Home and End go to the first and last day."),
        "map": say("Map of roads, towns and convoys at the moment chosen; the sentence and the table below say the same."),
        "strip": say("Stations open and stock in the hub by day; the table below has the numbers."),
        "table": say("Day by day, as a table"),
        "legend": say("What the signs mean"),
        "alone": say("no escort"),
        "road": say("escort by road"),
        "air": say("escort from the air"),
        "both": say("escort by road and from the air"),
        "size": say("the larger a sign, the more tankers"),
        "queue": say("tankers that wait for a convoy"),
        "gauge": say("stations open: the full part of the ring; the bar beside it: stock, full at ten days of use"),
        "hit": say("attack, with tankers lost"),
        "laid": say("road on which ambushes lie, and how many"),
        "browser": say("This browser cannot unpack the replay; the day-by-day charts above show the same."),
    }  # fmt: skip


def script_words(product: str, hub: str) -> dict[str, str | list[str]]:
    """Return the messages that the script fills in, by name; a list has the forms of one and of many."""

    def forms(one: str, many: str) -> list[str]:
        return [one, many]

    return {
        "clock": say("{date}, {hour}:00"),
        "left": forms(
            say_counted("{count} tanker leaves with a convoy or alone.", "{count} tankers leave with convoys or alone.", 1),
            say_counted("{count} tanker leaves with a convoy or alone.", "{count} tankers leave with convoys or alone.", 2),
        ),
        "arrived": forms(
            say_counted("{count} arrives.", "{count} arrive.", 1), say_counted("{count} arrives.", "{count} arrive.", 2)
        ),
        "lost": forms(
            say_counted("{count} is lost.", "{count} are lost.", 1), say_counted("{count} is lost.", "{count} are lost.", 2)
        ),
        "waiting": forms(
            say_counted("{count} waits for a convoy.", "{count} wait for a convoy.", 1),
            say_counted("{count} waits for a convoy.", "{count} wait for a convoy.", 2),
        ),
        "open": say("Stations open in {town} with {product}: {share} %.", town=hub, product=product, share="{share}"),
        "stock": say("Stock there: {volume} m3, {days} days of use."),
        "so_far": say("{name}: lost so far: {lost}, waiting: {waiting}"),
        "part": say("The two part on {date} at {hour}:00; up to then all that happens is the same."),
        "part_mark": say("they part"),
        "same": say("The two do not part in this replication: all that happens is the same."),
        "strip_open": say("Stations open with {product}, {town}", product=product, town=hub),
        "strip_stock": say("Stock in depot and stations, {town}, 1,000 m3", town=hub),
        "head_day": say("Day"),
        "head_left": say("Tankers leaving"),
        "head_arrived": say("arriving"),
        "head_lost": say("lost"),
        "head_waiting": say("waiting at the day's end"),
        "head_open": say("Stations open, %"),
        "head_stock": say("Stock, m3"),
    }  # fmt: skip
