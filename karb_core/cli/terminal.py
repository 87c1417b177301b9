"""How a command speaks: its language, its colours, data to stdout and everything else to stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import click

from karb_core.texts.text import LANGUAGES, Said, render

_STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "help": {"fg": "cyan"},
    "note": {"fg": "cyan"},
    "dim": {"dim": True},
    "good": {"fg": "green"},
}


@dataclass(frozen=True, slots=True)
class Terminal:
    lang: str = "en"
    color: bool = True

    @classmethod
    def of(cls, ctx: click.Context) -> Terminal:
        """The terminal of the command that is running; of its help, before it runs, the environment's."""
        import os

        from karb_core.cli.app import TerminalApp

        app = ctx.find_object(TerminalApp)
        return app.terminal if app is not None else cls(language(os.environ, sys.argv[1:]))

    def say(self, said: Said | str) -> str:
        return said if isinstance(said, str) else render(said, self.lang)

    def out(self, line: Said | str = "") -> None:
        self._write(sys.stdout, self.say(line))

    def err(self, line: Said | str = "") -> None:
        self._write(sys.stderr, self.say(line))

    def over(self, line: Said | None) -> None:
        """A line on stderr that the next one is written over; None ends it. Nothing where stderr is no terminal."""
        if sys.stderr.isatty():
            click.echo("" if line is None else f"\r{self.say(line)}", nl=line is None, err=True)

    def json(self, value: Mapping[str, object]) -> None:
        """`format_version` first; it grows when a key changes its meaning or goes."""
        self.out(self.as_json(value))

    def as_json(self, value: Mapping[str, object]) -> str:
        return json.dumps({"format_version": 1, **value}, ensure_ascii=False, indent=2)

    def error(self, said: Said, help: Said | None = None) -> None:  # noqa: A002 - the word the user sees
        self.err(f"{self.style('error', 'error')}: {self.say(said)}")
        if help is not None:
            self.err(f"   {self.style('help', 'help')}: {self.say(help)}")

    def style(self, text: str, kind: str) -> str:
        return click.style(text, **_STYLES[kind]) if self.color else text

    def _write(self, stream: TextIO, line: str) -> None:
        click.echo(line, file=stream, color=None if self.color else False)


def language(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> str:
    """The language asked for: `--lang`, KARB_LANG, else the locale's, else English."""
    for i, argument in enumerate(arguments):
        asked = (
            arguments[i + 1] if argument == "--lang" and i + 1 < len(arguments) else argument.removeprefix("--lang=")
        )
        if (argument == "--lang" or argument.startswith("--lang=")) and asked in LANGUAGES:
            return asked
    for name in ("KARB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "ko" if sys.platform == "win32" and _windows_is_korean() else "en"


def _windows_is_korean() -> bool:
    import locale

    return (locale.getlocale()[0] or "").lower().startswith(("ko", "korean"))


def width(text: str) -> int:
    """How many cells of a terminal the text takes: Korean letters take two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, cells: int) -> str:
    return text + " " * max(cells - width(text), 0)


def wrapped(line: str, cells: int) -> list[str]:
    """The line in parts of at most so many cells, broken between words; an indented line is an example and stays."""
    if line.startswith(" "):
        return [line]
    parts = [""]
    for word in line.split(" "):
        if parts[-1] and width(parts[-1]) + 1 + width(word) > cells:
            parts.append(word)
        else:
            parts[-1] = f"{parts[-1]} {word}" if parts[-1] else word
    return parts
