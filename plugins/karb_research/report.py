"""The report of `karb stress`, as text: of each scenario a few lines, and at the end how many survived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from karb_core.domain.decisions import Cited, Decision, DecisionKind
from karb_core.ports import App, Rehearsed
from karb_core.texts.text import Words, render
from karb_research.shown import lasting, money
from karb_research.verdict import Trial, Verdict

_STYLES = {Verdict.SURVIVED: "good", Verdict.LEFT_OPEN: "warning", Verdict.FAILED: "error"}
_VERDICTS = {
    Verdict.SURVIVED: Words("survived", "살아남음"),
    Verdict.LEFT_OPEN: Words("a leg is left open, by your rules", "당신의 규칙대로 다리가 열린 채 남음"),
    Verdict.FAILED: Words("not survived", "살아남지 못함"),
}
_TOLD, _UNHEDGED = Words("told", "알림"), Words("uneven", "한쪽만 열림")
_RESULT, _FIRED = Words("result", "결과"), Words("fired", "작동한 규칙")
_LADDER = Words("ladder", "사다리")
_NEVER = Words("never", "없음")
_UNKNOWN = Words("not known: no rate", "환율이 없어 알 수 없음")


def show(app: App, trial: Trial) -> None:
    """One scenario."""
    scenario = trial.scenario
    verdict = app.style(render(_VERDICTS[trial.verdict], app.lang), _STYLES[trial.verdict])
    app.say(f"{scenario.scenario}  {verdict}")
    app.say(f"  {render(Words(scenario.about.en, scenario.about.ko), app.lang)}")
    for style, words in (*(("error", w) for w in trial.why), *(("warning", w) for w in trial.notes)):
        app.say(f"  {app.style('!', style)} {render(words, app.lang)}")
    app.table([(f"  {render(name, app.lang)}", told) for name, told in _rows(app.lang, trial)])
    app.say()


def summary(app: App, trials: Sequence[Trial]) -> None:
    """How many of each kind."""
    count = Counter(trial.verdict for trial in trials)
    told = ", ".join(f"{render(words, app.lang)} {count[v]}" for v, words in _VERDICTS.items() if count[v])
    app.say(f"{render(Words('scenarios', '시나리오'), app.lang)} {len(trials)}: {told}")


def fired(came: Rehearsed) -> dict[tuple[str, ...], tuple[int, tuple[Cited, ...]]]:
    """What was decided, by kind, tier, side and what denied it: how often, and by which of the owner's lines."""
    alike: dict[tuple[str, ...], list[Decision]] = {}
    for decision in came.decisions:
        if decision.kind is not DecisionKind.REARM:
            alike.setdefault(_key(decision), []).append(decision)
    cited = {key: dict.fromkeys(line for each in found for line in each.cited) for key, found in alike.items()}
    return {key: (len(found), tuple(cited[key])) for key, found in alike.items()}


def _key(decision: Decision) -> tuple[str, ...]:
    parts = (decision.kind.value, decision.cause.value, decision.tier or "", decision.side)
    return (*(part for part in parts if part), *(denied.rule for denied in decision.denied))


def _rows(lang: str, trial: Trial) -> Iterator[tuple[Words, str]]:
    came = trial.rehearsed
    yield _TOLD, _told(lang, trial)
    uneven = [
        f"{one.pair} {money(one.base)}{f' ({money(one.worth)})' if one.worth is not None else ''}, {lasting(one.lasted_ns)}"
        for one in came.uneven
    ]
    yield _UNHEDGED, "; ".join(uneven) or render(_NEVER, lang)
    counts = Words(f"orders {came.orders}, fills {came.fills}", f"주문 {came.orders}, 체결 {came.fills}")
    result = render(_UNKNOWN, lang) if came.result is None else money(came.result)
    yield _RESULT, f"{result}  ({render(counts, lang)})"
    for name, (times, lines) in fired(came).items():
        yield _FIRED, f"{times} x {' '.join(name)}"
        if lines:
            yield Words(""), f"  {_cited(lines)}"
    for cited, times in came.climbed.items():
        yield _LADDER, f"{times} x {_cited((cited,))}"


def _cited(lines: Sequence[Cited]) -> str:
    """Shape: `btc.yaml:55 entry 2.0, :54 when_low long_premium`: the file is named where it is another."""
    told, file = [], ""
    for cited in lines:
        where = f"{cited.file}:{cited.line}" if cited.file != file else f":{cited.line}"
        told.append(f"{where} {_name(cited.rule)} {cited.written}")
        file = cited.file
    return ", ".join(told)


def _name(pointer: str) -> str:
    """The last word of a pointer; of a rung of the ladder, which one."""
    last = pointer.rpartition("/")[2]
    return f"rung {int(last) + 1}" if last.isdigit() else last


def _told(lang: str, trial: Trial) -> str:
    wanted = trial.scenario.must_tell
    told = ", ".join(f"{kind} {times}" for kind, times in trial.told.items()) or render(_NEVER, lang)
    had_to = Words(f"had to come: {', '.join(wanted)}", f"와야 했던 것: {', '.join(wanted)}")
    return f"{told}  ({render(had_to, lang)})" if wanted else told
