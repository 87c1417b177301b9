"""Reads a file in a format of a plugin's own: one class, no components in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.mistaken import findings_in, in_order, newer_format, unsaid
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.rules.mistakes import read_block
from karb_core.rules.params import Params
from karb_core.texts.text import Text

P = TypeVar("P", bound=Params)

FORMAT = 1


@dataclass(frozen=True, slots=True)
class CheckedPlain(Generic[P]):
    """The block, if nothing is wrong with the file, and what was found, in the order of the file."""

    source: Source
    block: P | None
    findings: tuple[Finding, ...]


def check_plain(source: Source, model: type[P]) -> CheckedPlain[P]:
    """Never raises for what a person wrote."""
    document = read(source)
    if document.data is None:
        return CheckedPlain(source, None, in_order(document.findings))
    if not isinstance(document.data, dict):
        shape = Finding("K201", Text("plain.shape"), Mark(1, 1))
        return CheckedPlain(source, None, in_order([*document.findings, shape]))
    newer = newer_format(document, FORMAT)
    if newer is not None:
        return CheckedPlain(source, None, (newer,))
    findings = list(document.findings)
    block = read_block(model, document.data)
    if isinstance(block, list):
        findings += findings_in(document, model, block)
    findings += unsaid(document, findings)
    whole = None if isinstance(block, list) or any(f.is_error for f in findings) else block
    return CheckedPlain(source, whole, in_order(findings))
