"""Findings about a file that one class describes, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.rulebook.diagnose import Subject, findings_of
from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.reader import Document
from karb_core.rules.mistakes import Mistake
from karb_core.rules.params import Params
from karb_core.texts.text import Text

_KEY = "[key]"  # what pydantic calls the key itself, where it is the key that is wrong


def findings_in(document: Document, model: type[Params], mistakes: list[Mistake]) -> list[Finding]:
    """What is wrong with the file's own words."""
    named = [m for m in mistakes if not m.path or m.path[-1] != _KEY]
    wrong_keys = [m for m in mistakes if m not in named]
    found = list(findings_of(document, Subject("", model, (), Mark(1, 1)), named))
    for mistake in wrong_keys:
        *block, key, _ = mistake.path
        args = {"name": ".".join(map(str, block)), "what": mistake.text}
        found.append(Finding("K303", Text("value.wrong", args), document.key_mark((*block, key))))
    return found


def newer_format(document: Document, known: int) -> Finding | None:
    """Where the file is of a later format than this karb reads, that alone is said."""
    version = document.data.get("karb")
    if isinstance(version, int) and not isinstance(version, bool) and version > known:
        newer = Text("file.newer", {"version": str(version), "known": str(known)})
        return Finding("K208", newer, document.mark(("karb",)), Text("file.newer.help"))
    return None


def unsaid(document: Document, said: Iterable[Finding]) -> list[Finding]:
    """What the reader had to say about a scalar, where its parameter said nothing better."""
    marks = {f.mark for f in said}
    return [f for f in document.soft.values() if f.mark not in marks]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the file, each once."""
    once = {(f.code, f.mark, str(f.said)): f for f in reversed(list(findings))}
    return tuple(sorted(once.values(), key=lambda f: (f.mark.line, f.mark.column, f.code)))
