"""What karb printed, kept in tests/golden and compared. `KARB_RENEW_GOLDEN=1 pytest tests/cli` writes it anew."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from tests.cli.run import Answer

#: What differs between machines and says nothing about karb: Python, the system, and which extras are installed.
_VOLATILE = (
    (re.compile(r"Python \d+\.\d+\.\w+, \w+"), "Python X, SYSTEM"),
    (re.compile(r'"python": "[^"]+"'), '"python": "X"'),
    (re.compile(r"  (?:needs|필요): pip install '[^']+'"), ""),
    (re.compile(r"(?:; some need|\. 일부는 필요): pip install '[^']+'"), ""),
    (re.compile(r'"lacks": \[[^]]*\]'), '"lacks": []'),
    (re.compile(r'code: "sha256:[0-9a-f]{64}"'), 'code: "sha256:CODE"'),
)


def transcript(arguments: Sequence[str], answer: Answer, *files: Path) -> str:
    """A command, what it said on both streams, its exit code, and the files it wrote."""
    parts = [f"$ karb {' '.join(map(_quoted, arguments))}\n{answer.out}"]
    parts += [f"--- stderr\n{answer.err}"] if answer.err else []
    parts += [f"--- exit code {answer.code}\n"]
    parts += [f"--- {path.name}\n{path.read_text('utf-8')}" for path in files]
    return steady("".join(parts))


def steady(text: str) -> str:
    for pattern, instead in _VOLATILE:
        text = pattern.sub(instead, text)
    return text


def assert_golden(path: Path, text: str) -> None:
    if os.environ.get("KARB_RENEW_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    assert path.exists(), f"{path.name} is not there: KARB_RENEW_GOLDEN=1 pytest tests/cli writes it"
    assert text == path.read_text("utf-8"), f"{path.name} differs: KARB_RENEW_GOLDEN=1 pytest tests/cli renews it"


def _quoted(argument: str) -> str:
    return f'"{argument}"' if " " in argument or not argument else argument
