"""`karb data check FOLDER`: gaps, duplicates, outliers and clocks, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from karb_core.domain.instant import to_text
from karb_core.errors import DataUnusable
from karb_core.ports import App
from karb_core.texts.text import Words, render

if TYPE_CHECKING:
    from karb_data.examined import Wrong

_HELP = """\b
karb data check recordings
karb data check recordings --quiet 300 --format json

Gaps that the recorder wrote down, gaps that it did not, times that are there twice, prices that were set aside, and clocks
that do not agree: one row each. Ends with 7 where there is any.
"""
_QUIET_S = 60  # karb: constant because it only says what is told, and nothing is traded by it
_QUIET_BARS = 60  # karb: constant because it only says what is told, and nothing is traded by it
_AHEAD_MS = 1_000  # karb: constant because it only says what is told, and nothing is traded by it
_SECONDS = click.IntRange(min=1)  # karb: constant because there is no shorter silence
_MILLISECONDS = click.IntRange(min=0)  # karb: constant because clocks cannot differ by less
_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds


@click.command("check", help=_HELP)
@click.argument("folder")
@click.option("--quiet", type=_SECONDS, default=_QUIET_S, show_default=True, help="seconds without a top or a mark")
@click.option(
    "--quiet-bars", type=_SECONDS, default=_QUIET_BARS, show_default=True, help="bars in a row that are not there"
)
@click.option(
    "--ahead", type=_MILLISECONDS, default=_AHEAD_MS, show_default=True, help="ms a source's clock may be ahead"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, folder: str, quiet: int, quiet_bars: int, ahead: int, form: str) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_data.examined import Bounds, wrong_in
    from karb_data.said_holes import why_said
    from karb_data.shown_folder import recording

    # karb: constant because a second has 1000 ms
    found = wrong_in(recording(folder), Bounds(quiet * 1000, quiet_bars, ahead))
    if form == "json":
        app.json({"format_version": 1, "wrong": [_said(each) for each in found]})
    elif found:
        rows = [[w.problem, w.of, _at(w.from_ms), _at(w.until_ms), render(why_said(w.said), app.lang)] for w in found]
        app.table([["problem", "of", "from", "until", ""], *rows])
    if found:
        raise DataUnusable(
            Words(f"{folder}: {len(found)} things are wrong", f"{folder}: {len(found)}가지가 잘못되었습니다")
        )
    if form == "text":
        app.say(Words("nothing is wrong", "이상 없음"))


def _said(wrong: Wrong) -> dict[str, object]:
    until = None if wrong.until_ms is None else _at(wrong.until_ms)
    return {"problem": wrong.problem, "of": wrong.of, "from": _at(wrong.from_ms), "until": until, "said": wrong.said}


def _at(at_ms: int | None) -> str:
    return "-" if at_ms is None else to_text(at_ms * _MS)
