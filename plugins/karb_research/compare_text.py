"""The report of `karb compare` as text: figures side by side, then against the first what differs and by which line."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.domain.instant import to_text
from karb_core.ports import App, Stated
from karb_core.texts.text import Words, render
from karb_research import compare_words as words
from karb_research.compared import Compared, Pairing
from karb_research.decisions_apart import DecisionApart, by_line, pointer_of
from karb_research.lines_apart import LineApart
from karb_research.shown import place

_SHOWN = 20  # karb: constant because it bounds a listing on a terminal
_ABSENT = "·"


def show(app: App, compared: Compared) -> None:
    for pairing in compared.pairings:
        for warning in pairing.warnings:
            app.warn(f"{app.style(render(warning, app.lang), 'warning')}")
    _title(app, words.FIGURES)
    app.table(_figures(app, compared), right=range(1, len(compared.entrants) + 1))
    for pairing in compared.pairings:
        _lines(app, pairing)
        _decisions(app, pairing)


def show_set(app: App, name: str) -> None:
    """Before what is shown of one set of several."""
    app.say()
    app.say(app.style(name, "good"))


def _figures(app: App, compared: Compared) -> list[Sequence[str]]:
    """A row for each figure that anybody has, in the order in which they come."""
    columns = [{row.key: row for row in entrant.rows()} for entrant in compared.entrants]
    keys = dict.fromkeys(key for column in columns for key in column)
    labels = {key: next(column[key].label for column in columns if key in column) for key in keys}
    head = ["", *(entrant.name for entrant in compared.entrants)]
    rows = [
        [
            f"  {render(labels[key], app.lang)}",
            *(render(c[key].told, app.lang) if key in c else _ABSENT for c in columns),
        ]
        for key in keys
    ]
    return [head, *rows]


def _lines(app: App, pairing: Pairing) -> None:
    _title(app, words.LINES, f"{pairing.base.name} -> {pairing.other.name}")
    if not pairing.lines:
        app.say(f"  {render(words.NO_LINES, app.lang)}")
        return
    app.table([(f"  {line.pointer}", _change(app, line), _place(line)) for line in pairing.lines])


def _decisions(app: App, pairing: Pairing) -> None:
    names = f"{pairing.base.name} -> {pairing.other.name}"
    _title(app, words.DECISIONS, f"{names}: {len(pairing.decisions)}")
    if not pairing.decisions:
        app.say(f"  {render(words.same_decisions(pairing.acts), app.lang)}")
        return
    rows = [(f"  {times}", render(words.WHY[why], app.lang), line) for why, line, times in by_line(pairing.decisions)]
    app.table(rows, right=(0,))
    app.say()
    app.table([_decision(app, pairing, one) for one in pairing.decisions[:_SHOWN]])
    left = len(pairing.decisions) - _SHOWN
    if left > 0:
        app.say(f"  {render(words.more(left), app.lang)}")


def _decision(app: App, pairing: Pairing, one: DecisionApart) -> tuple[str, ...]:
    decided = one.decided
    way = " ".join(each for each in (decided.pair, decided.tier or "", decided.side) if each)
    who = render(words.filled(words.WHO[one.who], pairing.base.name, pairing.other.name), app.lang)
    return (
        f"  {to_text(decided.at_ns)}",
        decided.kind.value,
        way,
        who,
        render(words.WHY[one.why], app.lang),
        _behind(app, one),
    )


def _behind(app: App, one: DecisionApart) -> str:
    """The line that said no, with its place, or each line that differs, with what both have."""
    if one.since_ns is not None:
        return f"{to_text(one.since_ns)} {pointer_of(one)}".rstrip()
    if one.refused is not None:
        at = place(one.refused) if one.refused.line else ""
        return f"{at} {one.refused.rule} {one.refused.written}".strip()
    return "; ".join(f"{line.pointer} {_change(app, line)} {_place(line)}".rstrip() for line in one.lines)


def _change(app: App, line: LineApart) -> str:
    return f"{_written(app, line.base)} -> {_written(app, line.other)}"


def _written(app: App, stated: Stated | None) -> str:
    return render(words.UNSTATED, app.lang) if stated is None else stated.cited.written


def _place(line: LineApart) -> str:
    return ", ".join(
        place(stated.cited) for stated in (line.base, line.other) if stated is not None and stated.cited.line
    )


def _title(app: App, title: Words, more: str = "") -> None:
    app.say()
    app.say(app.style(f"{render(title, app.lang)}  {more}".rstrip(), "note"))
