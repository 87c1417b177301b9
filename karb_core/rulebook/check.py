"""Reads a strategy file and says everything that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.diagnose import Subject, findings_of
from karb_core.rulebook.digests import digests_of
from karb_core.rulebook.dispatch import Seat, dispatch, seat_again
from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.review import review
from karb_core.rulebook.rule_lines import rewritten_lines
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.second_opinion import second_opinion
from karb_core.rulebook.source import Source
from karb_core.rulebook.strategy_file import FORMAT, StrategyFile
from karb_core.rules.mistakes import read_block
from karb_core.rules.params import Params
from karb_core.rules.shape import Path
from karb_core.texts.text import Text, render


@dataclass(frozen=True, slots=True)
class Checked:
    """The rulebook, if the file's words could all be read, and what was found, in the order of the file."""

    source: Source
    rulebook: Rulebook | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.is_error)


def check(source: Source, catalogue: Catalogue) -> Checked:
    """Never raises for what a person wrote."""
    return check_document(read(source), catalogue)


def check_document(document: Document, catalogue: Catalogue) -> Checked:
    """The same, for one who has read the file already and needs its values too."""
    source = document.source
    if document.data is None:
        return Checked(source, None, _sorted(document.findings))
    if not isinstance(document.data, dict):
        shape = Finding("K201", Text("file.shape"), Mark(1, 1), Text("file.shape.help"))
        return Checked(source, None, _sorted([*document.findings, shape]))
    version = document.data.get("karb")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        newer = Text("file.newer", {"version": str(version), "known": str(FORMAT)})
        return Checked(source, None, (Finding("K208", newer, document.mark(("karb",)), Text("file.newer.help")),))
    return _check(document, catalogue)


def check_again(document: Document, before: Rulebook, changed: Iterable[Path], catalogue: Catalogue) -> Checked:
    """As `check_document`, of a document that differs from that of a rulebook in these places at the most.

    Where all of them are parameters of one component, only that is read again, and what looks at the whole asked again.
    """
    seat = _only_seat(before, changed)
    again = None if seat is None or document.findings or document.soft else seat_again(document, seat, catalogue)
    file = read_block(StrategyFile, document.data) if again is not None else None
    if seat is None or again is None or not isinstance(file, StrategyFile):
        return check_document(document, catalogue)
    lines = rewritten_lines(document, before.lines, again)
    seats = tuple(again if each is seat else each for each in before.seats)
    return _reviewed(document, Rulebook(document.source, file, seats, lines, digests_of(lines)), [])


def _check(document: Document, catalogue: Catalogue) -> Checked:
    findings = list(document.findings)
    file = read_block(StrategyFile, document.data)
    if isinstance(file, list):
        subject = Subject("", StrategyFile, (), Mark(1, 1))
        findings += findings_of(document, subject, file)
    dispatched = dispatch(document, StrategyFile, catalogue)
    findings += dispatched.findings
    said = {f.mark for f in findings}
    findings += [f for f in document.soft.values() if f.mark not in said]
    if isinstance(file, Params) and not any(f.is_error for f in findings):
        return _reviewed(document, Rulebook.of(document, file, tuple(dispatched.seats)), findings)
    return Checked(document.source, None, _sorted(findings))


def _reviewed(document: Document, rulebook: Rulebook, findings: list[Finding]) -> Checked:
    if not all(seat.offer.source.ours for seat in rulebook.all_seats()):
        findings += second_opinion(document, rulebook)
    findings += review(document, rulebook)
    return Checked(document.source, rulebook, _sorted(findings))


def _only_seat(before: Rulebook, changed: Iterable[Path]) -> Seat | None:
    """The component inside whose `with:` all these places lie, if it is one that has no other inside."""
    places = tuple(changed)
    for seat in before.seats:
        inside = (*seat.path, "with")
        if places and not seat.inner and all(path[: len(inside)] == inside for path in places):
            return seat
    return None


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    once: dict[tuple[str, Mark, str], Finding] = {}
    for finding in findings:
        once.setdefault((finding.code, finding.mark, render(finding.said)), finding)
    return tuple(sorted(once.values(), key=lambda f: (f.mark.line, f.mark.column, f.code)))
