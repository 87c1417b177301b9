"""`karb data show FOLDER`: what is there, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from karb_core.domain.instant import to_text
from karb_core.ports import App

if TYPE_CHECKING:
    from karb_data.shown_folder import Held

_HELP = """\b
karb data show recordings
karb data show recordings --format json

Of each instrument and kind, and of each rate: how many rows there are, from when to when (UTC).
"""
_MS = 1_000_000  # karb: constant because a millisecond has 10^6 nanoseconds
_COUNTS = (2, 5)  # karb: constant because these columns are numbers


@click.command("show", help=_HELP)
@click.argument("folder")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, folder: str, form: str) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    from karb_data.shown_folder import held_in, recording

    held = held_in(recording(folder))
    if form == "json":
        app.json({"format_version": 1, "series": [_said(each) for each in held]})
        return
    rows = [
        [
            f"{h.series.place} {h.series.name}",
            h.series.label,
            str(h.rows),
            _at(h.first_ms),
            _at(h.last_ms),
            str(h.files),
        ]
        for h in held
    ]
    app.table([["of", "kind", "rows", "first", "last", "files"], *rows], right=_COUNTS)


def _said(held: Held) -> dict[str, object]:
    return {
        "of": f"{held.series.place} {held.series.name}", "kind": held.series.label, "rows": held.rows,
        "first": _at(held.first_ms), "last": _at(held.last_ms), "files": held.files,
    }  # fmt: skip


def _at(at_ms: int) -> str:
    return to_text(at_ms * _MS)
