"""The report of `karb bias` as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from karb_core.domain.decisions import Cited
from karb_core.domain.instant import to_text
from karb_core.ports import Piecewise
from karb_core.texts.text import Words, render
from karb_research.bias_words import evidence, sentence
from karb_research.examined import Examined
from karb_research.found_bias import Found


def document(file: str, over: Piecewise, examined: Examined, notes: Sequence[Words], lang: str) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first."""
    first, last = (to_text(at_ns) for at_ns in over.span_ns)
    return {
        "file": file,
        "data": over.data,
        "synthetic": over.synthetic,
        "from": first,
        "to": last,
        "passed": not examined.found,
        "cuts": [{"at": to_text(cut.at_ns), "why": cut.why} for cut in examined.cuts],
        "cuts_with_fills": examined.filled,
        "later_beginnings": examined.begun,
        "runs": examined.runs,
        "found": [_found(found, lang) for found in examined.found],
        "notes": [render(note, lang) for note in notes],
    }


def _found(found: Found, lang: str) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "component": found.use,
        "lines": [_cited(line) for line in found.lines],
        "pair": found.pair,
        "what": found.what,
        "at": to_text(found.at_ns),
        "with_all": found.whole,
        "with_part": found.piece,
        "apart": found.apart,
        "part": to_text(found.piece_ns),
        "rows": found.rows,
        "every_row": found.every,
        "times": found.times,
        "decides": None if found.decides is None else render(found.decides, lang),
        "stated": None if found.stated is None else render(found.stated, lang),
        "said": f"{render(sentence(found), lang)}; {render(evidence(found), lang)}",
    }


def _cited(cited: Cited) -> dict[str, object]:
    return {"rule": cited.rule, "file": cited.file, "line": cited.line, "written": cited.written}
