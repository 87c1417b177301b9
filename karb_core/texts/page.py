"""The page of one code: what it is, why it matters, and an example before and after."""

from __future__ import annotations

from dataclasses import dataclass

_BEFORE = ("before:", "고치기 전:")
_AFTER = ("after:", "고친 뒤:")


@dataclass(frozen=True, slots=True)
class Page:
    """`what` is one sentence, `why` a short paragraph, each in English and Korean; the example is the owner's YAML."""

    what: tuple[str, str]
    why: tuple[str, str]
    before: str
    after: str

    def texts(self) -> tuple[str, str]:
        """English and Korean."""
        return self._text(0), self._text(1)

    def _text(self, at: int) -> str:
        example = f"{_BEFORE[at]}\n{_indented(self.before)}\n{_AFTER[at]}\n{_indented(self.after)}"
        return f"{self.what[at]}\n\n{self.why[at]}\n\n{example}"


def _indented(yaml: str) -> str:
    return "\n".join(f"    {line}" for line in yaml.split("\n"))
