"""What the YAML scanner complains about, in plain words and at the place where it began."""

from __future__ import annotations

from yaml.error import Mark as YamlMark
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.source import Source
from karb_core.texts.text import Text

# PyYAML tells its errors apart by text alone. Whatever is not found here is still answered, in general words.
_WORDS = (
    ("escape", "yaml.escape"),
    ("quoted scalar", "yaml.quote"),
    ("cannot start any token", "yaml.token"),
    ("mapping values are not allowed", "yaml.colon"),
    ("could not find expected ':'", "yaml.no_colon"),
    ("flow mapping", "yaml.brace"),
    ("flow sequence", "yaml.bracket"),
    ("expected a single document", "yaml.documents"),
    ("expected <block end>", "yaml.indent"),
    ("block collection", "yaml.indent"),
    ("block mapping", "yaml.indent"),
    ("sequence entries are not allowed", "yaml.dash"),
    ("%TAG", "yaml.directive"),
    ("directive", "yaml.directive"),
    ("incompatible YAML document", "yaml.directive"),
)
#: Those that PyYAML reports where it noticed, not where the text began.
_BEGIN = {"yaml.quote", "yaml.brace", "yaml.bracket", "yaml.no_colon"}


def in_plain_words(source: Source, error: MarkedYAMLError, long_quote: YamlMark | None = None) -> Finding:
    """K101 with one of karb's own sentences.

    `long_quote`: where a quoted text began that went beyond its line. A quote that was not closed ends at the next
    one, often an apostrophe in a comment far below, and what YAML then complains about stands there.
    """
    if long_quote is not None:
        return Finding(
            "K101",
            Text("yaml.quote"),
            clamp(source, long_quote.line + 1, long_quote.column + 1),
            Text("yaml.quote.help"),
        )
    said = " ".join(filter(None, (error.context, error.problem)))
    key = next((key for words, key in _WORDS if words in said), "yaml.other")
    if key == "yaml.token" and _tab(source, error) is not None:
        return Finding("K101", Text("yaml.tab"), _tab(source, error) or Mark(1, 1), Text("yaml.tab.help"))
    if key == "yaml.token" and "'\\t'" in said:
        key = "yaml.tab_inside"
    if key == "yaml.colon" and _first_colon(source, error):
        return Finding("K101", Text("yaml.no_colon"), _line_above(source, error), Text("yaml.no_colon.help"))
    begin = error.context_mark if key in _BEGIN and error.context_mark else error.problem_mark or error.context_mark
    mark = clamp(source, begin.line + 1, begin.column + 1) if begin else Mark(1, 1)
    return Finding("K101", Text(key), mark, Text(f"{key}.help"))


def reader_finding(source: Source, error: ReaderError) -> Finding:
    """A character YAML does not know at all."""
    position = int(error.position) if isinstance(error.position, int) else 0
    line = source.text[:position].count("\n") + 1
    column = position - (source.text.rfind("\n", 0, position) + 1) + 1
    name = {"name": f"U+{ord(error.character):04X}" if isinstance(error.character, str) else str(error.character)}
    return Finding(
        "K104", Text("char.forbidden", {**name, "code": name["name"]}), clamp(source, line, column), Text("char.delete")
    )


def clamp(source: Source, line: int, column: int) -> Mark:
    """The place, inside the file: the scanner may point behind its last character."""
    lines = source.lines
    while line > 1 and (line > len(lines) or not lines[line - 1].strip()):
        line, column = line - 1, 10**6  # karb: constant because it stands for the end of any line
    length = len(lines[line - 1]) if lines else 0
    # karb: constant because an empty line still has a first column
    return Mark(max(line, 1), max(1, min(column, length or 1)))


def _first_colon(source: Source, error: MarkedYAMLError) -> bool:
    """Whether the colon YAML did not expect is its line's first: then the lines above were taken for a text."""
    mark = error.problem_mark
    return mark is not None and ":" not in source.lines[mark.line][: mark.column] and mark.line > 0


def _line_above(source: Source, error: MarkedYAMLError) -> Mark:
    """The beginning of the nearest line above that says something."""
    at = error.problem_mark.line - 1 if error.problem_mark else 0
    while at > 0 and not source.lines[at].strip():
        at -= 1
    return Mark(at + 1, len(source.lines[at]) - len(source.lines[at].lstrip()) + 1)


def _tab(source: Source, error: MarkedYAMLError) -> Mark | None:
    mark = error.problem_mark
    if mark is None or mark.line >= len(source.lines):
        return None
    line = source.lines[mark.line]
    indent = line[: len(line) - len(line.lstrip())]
    return Mark(mark.line + 1, indent.index("\t") + 1) if "\t" in indent else None
