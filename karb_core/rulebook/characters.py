"""Characters that look like something else: refused outside comments and quoted texts' inside is checked too."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.source import Source
from karb_core.texts.text import Text

_LOOKALIKES = {
    "\u00a0": " ", "\u3000": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ",
    "：": ":", "，": ",", "％": "%", "－": "-", "＃": "#", "［": "[", "］": "]", "｛": "{", "｝": "}",
    "“": '"', "”": '"', "‘": "'", "’": "'", "−": "-", "–": "-",
}  # fmt: skip
_LINE_BREAKS = "\u0085\u2028\u2029"


def forbidden(source: Source) -> Iterator[Finding]:
    """K104 for each line's first character that a reader would take for another one."""
    for number, line in enumerate(source.lines, 1):
        found = next(((i, c) for i, c in enumerate(_code(line)) if _is_forbidden(c)), None)
        if found is not None:
            yield _finding(number, *found)
        elif unicodedata.normalize("NFC", _code(line)) != _code(line):
            column = next(i for i, c in enumerate(line) if unicodedata.combining(c) or "\u1160" <= c <= "\u11ff")
            yield Finding("K104", Text("char.nfd"), Mark(number, max(column, 1)), Text("char.nfd.help"))


def _code(line: str) -> str:
    """The line without its comment: `#` at the start or after a blank, outside quotes."""
    quote = ""
    for i, c in enumerate(line):
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'" and (i == 0 or line[i - 1] in " [{,:-"):
            quote = c
        elif c == "#" and (i == 0 or line[i - 1] in " \t"):
            return line[:i]
    return line


def _is_forbidden(c: str) -> bool:
    if c in _LOOKALIKES or c in _LINE_BREAKS or "０" <= c <= "９" or "Ａ" <= c <= "ｚ":
        return True
    return unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn") and c != "\t"


def _finding(line: int, index: int, c: str) -> Finding:
    name = unicodedata.name(c, f"U+{ord(c):04X}")
    better = _LOOKALIKES.get(c) or unicodedata.normalize("NFKC", c)
    known = better != c and better.isprintable() and better != ""
    help_ = Text("char.write", {"better": better}) if known else Text("char.delete")
    return Finding(
        "K104", Text("char.forbidden", {"name": name, "code": f"U+{ord(c):04X}"}), Mark(line, index + 1), help_
    )
