"""The report of `karb stress` as one JSON document: every number whole, as text."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.domain.decisions import Cited
from karb_core.domain.exact import text
from karb_core.domain.instant import to_text
from karb_core.texts.text import Words, render
from karb_research.report import fired
from karb_research.verdict import Trial, Verdict


def document(file: str, trials: Sequence[Trial], lang: str) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first."""
    survived = all(trial.verdict is Verdict.SURVIVED for trial in trials)
    return {"file": file, "survived": survived, "scenarios": [_trial(trial, lang) for trial in trials]}


def _trial(trial: Trial, lang: str) -> dict[str, object]:
    came, about = trial.rehearsed, trial.scenario.about
    return {
        "scenario": trial.scenario.scenario,
        "about": render(Words(about.en, about.ko), lang),
        "verdict": trial.verdict.value,
        "why": [render(words, lang) for words in trial.why],
        "notes": [render(words, lang) for words in trial.notes],
        "left_open_by": [_cited(cited) for cited in trial.by],
        "told": dict(trial.told),
        "had_to_be_told": list(trial.scenario.must_tell),
        "uneven": [
            {
                "pair": one.pair,
                "base": one.base.text(),
                "worth": None if one.worth is None else one.worth.text(),
                "lasted_ns": one.lasted_ns,
            }
            for one in came.uneven
        ],
        "result": None if came.result is None else came.result.text(),
        "left_open": {i.text(): text(base) for i, base in came.left_open.items()},
        "booked": {i.text(): text(base) for i, base in came.booked.items()},
        "halts": {reason: strength.word for reason, strength in came.halts.items()},
        "orders": came.orders,
        "fills": came.fills,
        "fired": [
            {"what": " ".join(name), "times": times, "lines": [_cited(cited) for cited in lines]}
            for name, (times, lines) in fired(came).items()
        ],
        "ladder": [{**_cited(cited), "orders": orders} for cited, orders in came.climbed.items()],
        "began_at": to_text(came.began_ns),
        "ended_at": to_text(came.ended_ns),
    }


def _cited(cited: Cited) -> dict[str, object]:
    return {"rule": cited.rule, "file": cited.file, "line": cited.line, "written": cited.written}
