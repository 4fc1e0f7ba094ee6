"""The replay in a browser: it plays, seeks and steps, and nothing goes wrong on the page."""

import json

import pytest

import sim
from sim.view.replay import replay_parts
from tests.replays import bare

PLAYER = "document.getElementById('replay-player').replay"
READY = "#replay-player[data-ready]"
WATCH = """() => new Promise(done => {
    const seen = [], told = name => document.getElementById(`replay-${name}`).textContent;
    const look = () => {
        seen.push([told('clock'), told('told')]);
        seen.length < 40 ? requestAnimationFrame(look) : done(seen);
    };
    document.getElementById('replay-play').click();
    requestAnimationFrame(look);
})"""
LOST = """() => {
    const film = document.getElementById('replay-player').replay.views[0].film, days = new Map();
    film.met_minute.forEach((minute, k) => {
        const day = minute / 1440 | 0;
        if (!film.met_lost[k]) return;
        const [late, lost] = days.get(day) || [0, 0];
        days.set(day, [late + (minute % 1440 > 1380) * film.met_lost[k], lost + film.met_lost[k]]);
    });
    return [...days].map(([day, lost]) => [day, ...lost]);
}"""
"""Days on which tankers are lost on roads; how many in the last hour, and in all."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A replay of two strategies in the tutorial."""
    parts = replay_parts(sim.compare("tutorial", ("none", "army"), replications=4))
    assert parts is not None
    path = tmp_path_factory.mktemp("replay") / "replay.html"
    path.write_text(bare(parts), "utf-8")
    return path


@pytest.fixture
def player(view, page):
    """The page, ready to play."""
    shown = view(page)
    shown.page.wait_for_selector(READY)
    return shown.page


def minute(page):
    return page.evaluate(f"{PLAYER}.minute")


def seek(page, to):
    page.evaluate(
        "to => { const slider = document.getElementById('replay-time');"
        " slider.value = to; slider.dispatchEvent(new Event('input')); }",
        to,
    )


def test_play_moves_convoys(player):
    start = 60 * (player.evaluate(f"{PLAYER}.views[0].film.departed[40]") // 60 + 1)
    seek(player, start)
    before = player.evaluate(f"{PLAYER}.marks()")
    assert before
    player.click("#replay-play")
    player.wait_for_function(f"start => {PLAYER}.minute > start + 60", arg=start)
    player.click("#replay-play")
    assert player.evaluate(f"{PLAYER}.playing") is False
    assert player.evaluate(f"{PLAYER}.marks()") != before
    assert player.evaluate(f"{PLAYER}.frames") > 1
    assert player.evaluate(
        "() => { const c = document.getElementById('replay-map-0');"
        " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0); }"
    )


def test_the_slider_seeks_and_the_day_is_told(player):
    seek(player, 20 * 1440 + 600)
    assert minute(player) == 20 * 1440 + 600
    assert player.inner_text("#replay-clock") == "21 January, 10:00"
    told = player.inner_text("#replay-told")
    assert "no escort, by the end of 21 January:" in told and "Stations open in Capital with petrol" in told
    assert player.get_attribute("#replay-said", "aria-live") == "polite"
    assert player.get_attribute("#replay-told", "aria-live") is None
    assert "by the end of 21 January:" in player.text_content("#replay-said")


def test_the_day_in_words_is_the_day_of_the_clock_in_each_frame(player):
    player.select_option("#replay-speed", "10080")
    seen = player.evaluate(WATCH)
    assert len({clock for clock, _ in seen}) > 5
    assert [told for clock, told in seen if f"by the end of {clock.split(',')[0]}:" not in told] == []


def test_buttons_lead_to_the_next_attack_and_to_where_two_strategies_part(player):
    player.focus("#replay-next")
    moments = []
    for _ in range(3):
        player.keyboard.press("Enter")
        moments.append(minute(player))
    assert 0 < moments[0] < moments[1] < moments[2]
    hits = player.evaluate(
        f"{PLAYER}.views.flatMap(({{film}}) =>"
        " [...film.met_minute].filter((_, k) => !film.met_what[k] || film.met_lost[k]))"
    )
    assert moments == sorted(set(hits))[:3]
    player.click("#replay-split")
    assert minute(player) == player.evaluate(f"{PLAYER}.parting")
    seek(player, 60 * 1440)
    assert player.get_attribute("#replay-next", "aria-disabled") == "true"
    player.select_option("#replay-right", "-1")
    player.wait_for_selector("#replay-split", state="hidden")


def test_an_attack_is_shown_on_its_day_and_with_its_date_on_the_day_after(player):
    player.select_option("#replay-right", "-1")
    player.wait_for_selector("#replay-map-1", state="hidden")
    dates = json.loads(player.text_content("#replay-data"))["short"]

    def told(at):
        seek(player, at)
        versions = [versions for versions, *_ in player.evaluate(f"{PLAYER}.views[0].counts")]
        losses = [words[0].removeprefix("−").partition(" ") for words in versions if words[0].startswith("−")]
        return sum(int(lost) for lost, _, _ in losses), {date for _, _, date in losses}

    days = player.evaluate(LOST)
    assert len(days) > 1
    for day, late, lost in days:
        assert told((day + 1) * 1440 - 60)[0] == lost - late
        assert told((day + 1) * 1440) == (lost, {f"({dates[day]})"})
        assert f"({dates[day]})" not in told((day + 2) * 1440)[1]


def test_days_are_stepped_by_buttons_and_keys(player):
    player.click("#replay-on")
    assert minute(player) == 1440
    player.focus("#replay-stage")
    for key, expected in (("ArrowRight", 2880), ("ArrowLeft", 1440), ("End", 60 * 1440 - 60), ("Home", 0)):
        player.keyboard.press(key)
        assert minute(player) == expected, key
    player.keyboard.press(" ")
    assert player.evaluate(f"{PLAYER}.playing") is True
    player.keyboard.press(" ")
    player.click("#replay-back")
    assert minute(player) % 1440 == 0


def test_both_sides_show_the_same_laid_ambushes_and_where_they_part(player):
    laid = "side => [...document.getElementById('replay-player').replay.views[side].laid]"
    roads = 0
    for day in (5, 15, 25, 35, 45):
        seek(player, day * 1440)
        assert player.evaluate(laid, 0) == player.evaluate(laid, 1)
        roads += len(player.evaluate(laid, 0))
    assert roads
    part = player.evaluate(f"{PLAYER}.parting")
    assert part is not None and "The two part on" in player.inner_text("#replay-parting")
    seek(player, max(0, part - 60))
    assert player.evaluate(f"{PLAYER}.marks(0)") == player.evaluate(f"{PLAYER}.marks(1)")


def test_other_replications_and_strategies_are_chosen(player):
    seek(player, 30 * 1440)
    before = player.inner_text("#replay-told")
    player.select_option("#replay-pick", "1")
    player.wait_for_function("text => document.getElementById('replay-told').innerText !== text", arg=before)
    player.select_option("#replay-right", "-1")
    player.wait_for_selector("#replay-map-1", state="hidden")
    assert not player.is_visible("#replay-parting")


def test_the_table_has_every_day(player):
    player.click("#replay-days summary")
    player.wait_for_selector("#replay-days tbody")
    assert player.locator("#replay-days table").count() == 2
    assert player.locator("#replay-days tbody").first.locator("tr").count() == 60


def test_nothing_moves_smoothly_where_motion_is_not_wanted(view, page):
    shown = view(page, still=True).page
    shown.wait_for_selector(READY)
    assert shown.evaluate(f"{PLAYER}.playing") is False
    shown.click("#replay-play")
    shown.wait_for_function(f"() => {PLAYER}.minute >= 1440")
    assert minute(shown) % 1440 == 0 and shown.evaluate(f"{PLAYER}.frames") == 0


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_all_can_read_it(view, page, size, scheme):
    shown = view(page, size=size, scheme=scheme)
    shown.page.wait_for_selector(READY)
    if size == "phone":
        shown.page.click("#replay-days summary")
    assert shown.inaccessible() == []
    assert shown.out_of_sight() == []


def test_no_strategy_is_offered_beside_itself(player):
    same = "() => document.querySelector('#replay-right option[value=\"1\"]').hidden"
    assert not player.evaluate(same)
    player.select_option("#replay-left", "1")
    assert player.input_value("#replay-right") == "0" and player.evaluate(same)
    player.wait_for_function("() => document.getElementById('replay-name-1').innerText.includes('no escort')")


def test_what_waits_by_the_end_of_a_day_waits_when_the_next_begins(player):
    seek(player, 21 * 1440)
    waits = player.inner_text("#replay-name-0").rsplit(" ", 1)[1]
    seek(player, 20 * 1440)
    assert f" {waits} wait" in player.inner_text("#replay-told").split("\n")[0]


def test_on_a_phone_the_controls_stay_with_both_maps(view, page):
    shown = view(page, size="phone").page
    shown.wait_for_selector(READY)
    shown.evaluate("document.getElementById('replay-map-1').scrollIntoView({block: 'end'})")
    boxes = [shown.locator(f"#replay-{name}").bounding_box() for name in ("play", "on", "map-0", "map-1")]
    assert boxes[0]["y"] >= 0 and abs(boxes[0]["y"] - boxes[1]["y"]) < 5
    assert boxes[3]["y"] + boxes[3]["height"] <= shown.viewport_size["height"] + 1
    assert boxes[2]["y"] >= boxes[0]["y"] + boxes[0]["height"]


def test_a_run_of_a_day_plays(view, tmp_path):
    parts = replay_parts(sim.compare("tutorial", ("none", "army"), replications=2, sets="end=2030-01-02"))
    assert parts is not None
    path = tmp_path / "day.html"
    path.write_text(bare(parts), "utf-8")
    shown = view(path).page
    shown.wait_for_selector(READY)
    seek(shown, 1440)
    assert shown.inner_text("#replay-clock") == "1 January, 23:00"
