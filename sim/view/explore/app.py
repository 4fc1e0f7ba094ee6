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
    from sim.view.explore import choices

    language = str(mo.cli_args().get("language") or ENGLISH)
    offered = choices.of_text(str(mo.cli_args().get("offered") or ""))
    return choices, language, mo, offered, say, speaking


@app.cell
def _(language, mo, say, speaking):
    with speaking(language):
        again = mo.ui.button(value=0, on_click=lambda times: times + 1, label=say("Back to the start"))
    return (again,)


@app.cell
def _(again, language, mo, offered, say, speaking):
    assert again.value >= 0  # each press makes all choices anew

    def choice(label: str, key: str):
        return mo.ui.multiselect([*offered.names[key]], value=[*offered.state[key]], label=label, full_width=True)

    with speaking(language):
        strategies = choice(say("Strategies to compare"), "strategies")
        overlays = choice(say("What-ifs, each beside the scenario as it is"), "overlays")
        common = choice(say("Laid on all"), "common")
        sliders = mo.ui.dictionary(
            {
                str(place): mo.ui.slider(
                    steps=[*lever.values],
                    value=lever.values[lever.start],
                    label=label,
                    show_value=True,
                    debounce=True,
                    full_width=True,
                )
                for place, (lever, label, _) in enumerate(offered.sliders)
            }
        )
    return common, overlays, sliders, strategies


@app.cell
def _(again, choices, common, language, mo, offered, overlays, say, sliders, speaking, strategies):
    with speaking(language):
        title = mo.Html(choices.heading(say("What is asked")))
    rows = [
        mo.Html(choices.beside(sliders[str(place)].text, slider.told)) for place, slider in enumerate(offered.sliders)
    ]
    mo.sidebar([title, strategies, overlays, common, *rows, again], width="23rem")
    return


@app.cell
def _(language, mo, say, speaking):
    with speaking(language):
        coming = mo.Html(f'<p class="convoi-coming" role="status">{say("Reading the scenario …")}</p>')
    coming  # noqa: B018
    return


@app.cell
def _(language):  # after what is shown at once, since cells that wait for nothing run in their order
    assert language

    import gc

    from sim import errors
    from sim.scenario.calls import in_shell
    from sim.study import explore
    from sim.study.notes import notes
    from sim.view.explore import page

    # Looking for garbage among all that is imported takes a quarter of the time in which a scenario is read.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
    explorer = explore.Explorer()
    told = {"lead": ""}  # the first sentence of the answer that stands there
    return errors, explore, explorer, in_shell, notes, page, told


@app.cell
def _(common, explore, offered, overlays, sliders, strategies):
    moved = [
        setting
        for place, (lever, _, _) in enumerate(offered.sliders)
        for setting in lever.setting(sliders.value[str(place)])
    ]
    state = explore.State(**offered.state).having(strategies.value, overlays.value, common.value, moved)
    return (state,)


@app.cell
def _(language, mo, page, speaking, state):
    with speaking(language):
        command = mo.Html(page.command(state))
    command  # noqa: B018
    return


@app.cell
def _(errors, explore, explorer, in_shell, language, mo, notes, page, speaking, state, told):
    before = told["lead"]

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
                    answer = page.answer(look, before)
                    told["lead"] = told["lead"] if thread.should_exit else answer.lead
                    show(answer.words, noted, page.figures(drawn, seen, look.replications), answer.tables)
                    if look.replications < explore.STEPS[0]:
                        continue  # figures are drawn as slowly as the next look comes
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
        mo.output.replace(mo.Html(page.awaited(before)))
    mo.Thread(target=follow, daemon=True).start()
    return


if __name__ == "__main__":
    app.run()
