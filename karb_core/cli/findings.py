"""Findings on a terminal: place, code, the line itself with a caret right under it, and what to do."""

from __future__ import annotations

from karb_core.cli.terminal import Terminal, width
from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.source import Source


def show(terminal: Terminal, source: Source, finding: Finding) -> None:
    """To stderr."""
    place = f"{source.name}:{finding.mark.line}:{finding.mark.column}"
    kind = terminal.style(f"{finding.severity}[{finding.code}]", str(finding.severity))
    terminal.err(f"{place}: {kind}: {terminal.say(finding.said)}")
    _excerpt(terminal, source, finding.mark)
    for note in finding.notes:
        said = terminal.say(note.said)
        terminal.err(f"   {terminal.style('note', 'note')}: {said}: {source.name}:{note.mark.line}:{note.mark.column}")
        _excerpt(terminal, source, note.mark)
    if finding.help is not None:
        terminal.err(f"   {terminal.style('help', 'help')}: {terminal.say(finding.help)}")


def as_json(terminal: Terminal, finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "line": finding.mark.line,
        "column": finding.mark.column,
        "width": finding.mark.width,
        "message": terminal.say(finding.said),
        "help": terminal.say(finding.help) if finding.help is not None else None,
        "notes": [
            {"line": n.mark.line, "column": n.mark.column, "message": terminal.say(n.said)} for n in finding.notes
        ],
    }


def _excerpt(terminal: Terminal, source: Source, mark: Mark) -> None:
    lines = source.lines
    if not 1 <= mark.line <= len(lines):
        return
    line = lines[mark.line - 1].replace("\t", " ")
    number = str(mark.line)
    bar = terminal.style("|", "dim")
    before, under = line[: mark.column - 1], line[mark.column - 1 : mark.column - 1 + mark.width]
    caret = "^" * max(width(under), 1)
    terminal.err(f" {' ' * len(number)} {bar}")
    terminal.err(f" {number} {bar} {line}")
    terminal.err(f" {' ' * len(number)} {bar} {' ' * width(before)}{terminal.style(caret, 'error')}")
