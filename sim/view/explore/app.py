# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The explorer's page, which ``convoi explore`` serves: choices and sliders on the left, the answer on the right."""

import marimo

app = marimo.App(width="full", app_title="Convoi", css_file="app.css")


@app.cell
def _():
    import marimo as mo

    from sim.language import ENGLISH, say, speaking

    language = str(mo.cli_args().get("language") or ENGLISH)
    with speaking(language):  # at once; all that takes its time comes after
        coming = mo.Html(f'<p class="convoi-coming" role="status">{say("Reading the scenario …")}</p>')
    coming  # noqa: B018
    return language, mo, say, speaking


@app.cell
def _(language):  # after what is shown at once
    assert language

    import gc

    from sim import errors
    from sim.scenario.calls import in_shell
    from sim.scenario.fitting import fitting
    from sim.scenario.names import named_files
    from sim.study import explore
    from sim.study.levers import levers
    from sim.study.notes import notes
    from sim.view.explore import page, words

    # Looking for garbage among all that is imported takes a quarter of the time in which a scenario is read.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
    return errors, explore, fitting, in_shell, levers, named_files, notes, page, words


@app.cell
def _(explore, fitting, levers, mo, named_files):
    first, further = explore.as_asked(str(mo.cli_args().get("asked") or ""))
    explorer = explore.Explorer()
    begun = explorer.line(first)
    movable = levers(begun, further)
    known = fitting(begun[0].scenario, [file for file in named_files() if file.kind == "overlay"])
    return begun, explorer, first, known, movable


@app.cell
def _(language, mo, say, speaking):
    with speaking(language):
        again = mo.ui.button(value=0, on_click=lambda times: times + 1, label=say("Back to the start"))
    return (again,)


@app.cell
def _(again, begun, first, known, language, mo, movable, say, speaking, words):
    assert again.value >= 0  # each press makes all choices anew

    def choice(label: str, homes: tuple[str, ...], chosen: tuple[str, ...]):
        names = [file.name for file in known if file.home in homes]
        return mo.ui.multiselect([*dict.fromkeys([*names, *chosen])], value=[*chosen], label=label, full_width=True)

    with speaking(language):
        strategies = choice(say("Strategies to compare"), ("strategies",), first.strategies)
        overlays = choice(say("What-ifs, each beside the scenario as it is"), ("what-if", ""), first.overlays)
        common = choice(say("Laid on all"), ("what-if", "scope", "posteriors", ""), first.common)
        sliders = mo.ui.dictionary(
            {
                str(place): mo.ui.slider(
                    steps=[*lever.values],
                    value=lever.values[lever.start],
                    label=words.as_label(words.lever_words(lever, begun[0].scenario)),
                    show_value=True,
                    debounce=True,
                    full_width=True,
                )
                for place, lever in enumerate(movable)
            }
        )
    return common, overlays, sliders, strategies


@app.cell
def _(again, common, language, mo, movable, overlays, page, say, sliders, speaking, strategies, words):
    with speaking(language):
        rows = [mo.Html(page.beside(sliders[str(k)].text, words.start_words(lever))) for k, lever in enumerate(movable)]
        title = mo.Html(page.heading(say("What is asked")))
    mo.sidebar([title, strategies, overlays, common, *rows, again], width="23rem")
    return


@app.cell
def _(common, first, movable, overlays, sliders, strategies):
    moved = [setting for place, lever in enumerate(movable) for setting in lever.setting(sliders.value[str(place)])]
    state = first.having(strategies.value, overlays.value, common.value, moved)
    return (state,)


@app.cell
def _(language, mo, page, speaking, state):
    with speaking(language):
        command = mo.Html(page.command(state))
    command  # noqa: B018
    return


@app.cell
def _(errors, explorer, in_shell, language, mo, notes, page, speaking, state):
    def follow() -> None:
        thread = mo.current_thread()

        def show(*parts: str) -> None:
            if not thread.should_exit:
                mo.output.replace(mo.Html("".join(parts)))

        with speaking(language), in_shell():
            try:
                noted = page.notes(map(str, notes((each.scenario, each.plan) for each in explorer.line(state))))
                drawn, seen = "", 0
                for look in explorer.looks(state, stopped=lambda: thread.should_exit):
                    answer = page.answer(look)
                    show(answer.words, noted, page.figures(drawn, seen, look.replications), answer.tables)
                    pictures = []
                    for picture in page.pictures(look.outcome):
                        if thread.should_exit:
                            return
                        pictures.append(picture)
                    drawn, seen = "".join(pictures), look.replications
                    show(answer.words, noted, page.figures(drawn, seen, seen), answer.tables)
            except errors.ConvoiError as error:
                show(page.refusal(error))

    with speaking(language):
        mo.output.replace(mo.Html(page.awaited()))
    mo.Thread(target=follow, daemon=True).start()
    return


if __name__ == "__main__":
    app.run()
