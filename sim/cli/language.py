"""The option ``--lang``, of the command ``convoi`` itself and of those that answer."""

from __future__ import annotations

import click

from sim.language import LANGUAGES, speaking


def _speak(ctx: click.Context, param: click.Parameter, name: str | None) -> None:
    """Answer in a language as long as the command runs."""
    if name is not None and not ctx.resilient_parsing:
        ctx.with_resource(speaking(name))


lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    expose_value=False,
    help="Answer in English (en) or French (fr).",
)
