"""The report of `karb bias`, as text."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.domain.instant import to_text
from karb_core.ports import App, Piecewise
from karb_core.texts.text import Words, render
from karb_research.bias_words import KINDS, evidence, extent, sentence
from karb_research.cuts import told
from karb_research.examined import Examined
from karb_research.found_bias import Found
from karb_research.shown import place


def show(app: App, file: str, over: Piecewise, examined: Examined, notes: Sequence[Words]) -> None:
    """What was tried, what was found, what cannot be shown."""
    first, last = (to_text(at_ns) for at_ns in over.span_ns)
    app.say(f"{file}  bias  {first} - {last}  {over.data}")
    app.say(_tried(examined))
    for found in examined.found:
        app.say()
        _show_found(app, found, examined)
    app.say()
    app.say(app.style(render(_verdict(examined), app.lang), "error" if examined.found else "good"))
    if notes:
        app.say()
        app.say(Words("What these data cannot show", "이 데이터로 알 수 없는 것"))
        for note in notes:
            app.say(f"  {app.style('!', 'warning')} {render(note, app.lang)}")


def _tried(examined: Examined) -> Words:
    kinds, all_cuts = told(examined.cuts), len(examined.cuts)
    decision, publication, other = kinds["decision"], kinds["publication"], kinds["other"]
    return Words(
        f"cut at {all_cuts} moments ({decision} at decisions, {publication} before a rate was published, {other} others; orders"
        f" filled at {examined.filled}), begun later {examined.begun} times, carried out {examined.runs} times",
        f"{all_cuts}개 시점에서 자름 (결정 {decision}, 환율 발표 직전 {publication}, 그 밖 {other}; 체결이 있던 곳"
        f" {examined.filled}), 늦게 시작 {examined.begun}번, 실행 {examined.runs}번",
    )


def _show_found(app: App, found: Found, examined: Examined) -> None:
    line = found.lines[0]
    kind = app.style(render(KINDS[found.kind], app.lang), "error")
    app.say(f"{kind}  {found.use}  {place(line)}")
    more = (
        sentence(found),
        evidence(found),
        extent(found, len(examined.cuts), examined.begun),
        found.decides,
        found.stated,
    )
    for words in more:
        if words is not None:
            app.say(f"  {render(words, app.lang)}")


def _verdict(examined: Examined) -> Words:
    if examined.found:
        return Words(f"found: {len(examined.found)}", f"발견: {len(examined.found)}")
    return Words(
        "nothing that was decided rests on what came later, or on where the data begin",
        "어떤 결정도 나중의 데이터나 데이터의 시작 시점에 달려 있지 않습니다",
    )
