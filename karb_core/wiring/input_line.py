"""One step of a desk's door as one line of canonical JSON, and back.

Shape: `{"asked":[[7,"upbit","fills_since",1735689600000000000]],"at_ns":1735689900000000000,"is":"answered","number":6,
"said":{"cost":"0 KRW","filled":"0 BTC","is":"unknown","why":"no connection"}}`. What was not read or asked is left out.
An answer that says the same as the venue's last one to that verb is written as `"same":true`: most of them do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from karb_core.domain import canonical
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.market import Bar, FxRate
from karb_core.domain.orders import Order
from karb_core.ledger.commands import Command
from karb_core.wiring import answer_json
from karb_core.wiring.inputs import (
    Answered,
    BarCame,
    Began,
    Broke,
    Forgot,
    Input,
    Looked,
    Moved,
    Past,
    Question,
    Rang,
    RateCame,
    Saw,
    Step,
    Told,
)
from karb_core.wiring.typed_json import read

RUN = "run"
_ALONE: Mapping[str, Input] = {
    "began": Began(),
    "looked": Looked(),
    "forgot": Forgot(),
    "moved": Moved(),
    "rang": Rang(),
}
_WORDS = {type(what): word for word, what in _ALONE.items()}
_KINDS = {*_ALONE, "broke", "bar", "rate", "past", "told", "answered"}


@dataclass(frozen=True, slots=True)
class HouseRun:
    """What a desk behind its door was furnished with beside its rules: the first line of its inputs.

    venues: in the order in which they are asked; facts: also those of older rules. older: digests of the rules by which
    lots are open beside those in force; orphans: digests of those that nobody can read, each with why. still: what was
    stopped from the beginning, by reason.
    """

    account: str
    strategy: str
    mode: str
    mark: str
    rules_digest: str
    started_at_ns: int
    venues: tuple[str, ...]
    facts: tuple[InstrumentFacts, ...]
    older: tuple[str, ...] = ()
    orphans: tuple[tuple[str, str], ...] = ()
    still: tuple[tuple[str, Halt], ...] = ()

    def line(self) -> str:
        return canonical.to_json({"is": RUN, "at_ns": self.started_at_ns, "run": self})


def is_step(told: Mapping[str, Any]) -> bool:
    return told["is"] in _KINDS


@dataclass(slots=True)
class StepLines:
    """Writes the steps of one run, or reads them back, in their order: a line leans on those before it."""

    _questions: dict[int, Question] = field(default_factory=dict)
    _last: dict[tuple[str, str], Any] = field(default_factory=dict)

    def line(self, step: Step) -> str:
        read = {"saw": step.saw, "halt": step.halt, "judges": step.judges, "ours": step.ours}
        told = {**self._input(step.what), "at_ns": step.at_ns}
        told |= {name: value for name, value in read.items() if value is not None}
        if step.asked:
            told["asked"] = [_asked(question) for question in step.asked]
        self._questions |= {question.number: question for question in step.asked}
        return canonical.to_json(told)

    def step(self, told: Mapping[str, Any]) -> Step:
        """Errors: as `typed_json.read`, for anything that `line` did not write after the lines before."""
        asked = tuple(_question(*each) for each in told.get("asked", ()))
        halt = told.get("halt")
        step = Step(
            at_ns=read(int, told["at_ns"]),
            what=self._what(told),
            saw=read(Saw, told["saw"]) if "saw" in told else None,
            halt=None if halt is None else Halt(halt),
            judges=told.get("judges"),
            ours=told.get("ours"),
            asked=asked,
        )
        self._questions |= {question.number: question for question in asked}
        return step

    def _input(self, what: Input) -> dict[str, Any]:
        match what:
            case BarCame(bar):
                return {"is": "bar", "bar": bar}
            case RateCame(seat, rate):
                return {"is": "rate", "seat": seat, "rate": rate}
            case Past(bars, rates):
                return {"is": "past", "bars": bars, "rates": rates}
            case Broke(why):
                return {"is": "broke", "why": why}
            case Told(command, still):
                return {"is": "told", "command": command, "still": still}
            case Answered(number, said):
                return {"is": "answered", "number": number, **self._said(number, answer_json.plain(said))}
        return {"is": _WORDS[type(what)]}

    def _said(self, number: int, plain: Any) -> dict[str, Any]:
        question = self._questions.pop(number)
        place = question.venue, question.verb
        if question.order is None and place in self._last and self._last[place] == plain:
            return {"same": True}
        self._last[place] = plain
        return {"said": plain}

    def _what(self, told: Mapping[str, Any]) -> Input:
        match told["is"]:
            case "bar":
                return BarCame(read(Bar, told["bar"]))
            case "rate":
                return RateCame(told["seat"], read(FxRate, told["rate"]))
            case "past":
                rates = {seat: read(tuple[FxRate, ...], each) for seat, each in told["rates"].items()}
                return Past(read(tuple[Bar, ...], told["bars"]), rates)
            case "broke":
                return Broke(told["why"])
            case "told":
                still = {reason: Halt(strength) for reason, strength in told["still"].items()}
                return Told(read(Command, told["command"]), still)
            case "answered":
                return self._answered(told)
        return _ALONE[told["is"]]

    def _answered(self, told: Mapping[str, Any]) -> Answered:
        question = self._questions.pop(told["number"])
        place = question.venue, question.verb
        if "said" in told:
            self._last[place] = told["said"]
        return Answered(question.number, answer_json.said(question, self._last[place]))


def _asked(question: Question) -> tuple[Any, ...]:
    about = question.about if isinstance(question.about, int) else question.order
    return question.number, question.venue, question.verb, about


def _question(number: int, venue: str, verb: str, about: Any) -> Question:
    return Question(number, venue, verb, read(Order, about) if isinstance(about, dict) else about)
