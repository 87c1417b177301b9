"""The report of `karb compare` as one JSON document: money whole, as text; every decision that differs."""

from __future__ import annotations

from karb_core.domain.instant import to_text
from karb_core.domain.parts import Parts
from karb_core.ports import Stated
from karb_research.backtest_json import metrics_json
from karb_research.compared import Compared, Pairing
from karb_research.decisions_apart import DecisionApart, by_line
from karb_research.entrant import Entrant
from karb_research.lines_apart import LineApart


def document(compared: Compared, lang: str) -> dict[str, object]:
    return {
        "base": compared.entrants[0].name,
        "entrants": [_entrant(each) for each in compared.entrants],
        "against_base": [_pairing(each, lang) for each in compared.pairings],
    }


def _entrant(entrant: Entrant) -> dict[str, object]:
    ran = entrant.ran
    return {
        "name": entrant.name,
        "run": ran.run,
        "strategy": ran.strategy,
        "mode": ran.mode,
        "began_at": to_text(ran.began_ns),
        "ended_at": None if ran.ended_ns is None else to_text(ran.ended_ns),
        "digests": dict(ran.digests),
        "booked": [Parts.total((Parts.of(t) for t in trades), book).net.text() for book, trades in ran.trades.items()],
        "trades": sum(len(trades) for trades in ran.trades.values()),
        "open_lots": len(ran.open_lots),
        "net": None if entrant.study is None else entrant.study.parts.net.text(),
        "metrics": None if entrant.study is None else metrics_json(entrant.study),
    }


def _pairing(pairing: Pairing, lang: str) -> dict[str, object]:
    return {
        "name": pairing.other.name,
        "warnings": [each.ko if lang == "ko" else each.en for each in pairing.warnings],
        "lines": [_line(line) for line in pairing.lines],
        "by_line": [{"why": why.value, "line": line, "decisions": n} for why, line, n in by_line(pairing.decisions)],
        "decisions": [_decision(one) for one in pairing.decisions],
    }


def _line(line: LineApart) -> dict[str, object]:
    return {"rule": line.pointer, "assumed": line.assumed, "base": _stated(line.base), "other": _stated(line.other)}


def _stated(stated: Stated | None) -> dict[str, object] | None:
    if stated is None:
        return None
    return {"file": stated.cited.file, "line": stated.cited.line, "written": stated.cited.written}


def _decision(one: DecisionApart) -> dict[str, object]:
    decided, refused = one.decided, one.refused
    return {
        "at": to_text(decided.at_ns),
        "kind": decided.kind.value,
        "pair": decided.pair,
        "tier": decided.tier,
        "side": decided.side,
        "by": one.who.value,
        "why": one.why.value,
        "since": None if one.since_ns is None else to_text(one.since_ns),
        "lines": [line.pointer for line in one.lines],
        "refused_by": None
        if refused is None
        else {"rule": refused.rule, "file": refused.file, "line": refused.line, "written": refused.written},
    }
