"""What a review is given: the file as read, and what its components say of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.ports import FileView
from karb_core.rulebook.finding import Finding, Severity
from karb_core.rulebook.reader import Document
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.shape import Path
from karb_core.texts.text import Said


@dataclass(frozen=True, slots=True)
class Case:
    document: Document
    rulebook: Rulebook
    view: FileView

    def error(self, code: str, path: Path, said: Said, help: Said | None = None) -> Finding:  # noqa: A002
        return Finding(code, said, self.document.head(path), help)

    def warning(self, code: str, path: Path, said: Said, help: Said | None = None) -> Finding:  # noqa: A002
        return Finding(code, said, self.document.head(path), help, severity=Severity.WARNING)

    def written(self, path: Path) -> str:
        return self.document.written.get(path, "")
