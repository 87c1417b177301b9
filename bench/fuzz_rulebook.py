"""Random edits of the shipped strategies: karb never raises, always points into the file; model and schema agree.

    python bench/fuzz_rulebook.py --edits 20000          the campaign, per shipped file, on every core
    python bench/fuzz_rulebook.py --show quickstart:17   one edit: the lines it changed, and what karb says

Every edit follows from the file's name and its number alone. Exits 1 on any violation.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import Checked, check_document
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.schema import strategy_schema
from karb_core.rulebook.source import Source
from karb_core.texts.text import LANGUAGES, render

STRATEGIES = Path(__file__).resolve().parent.parent / "strategies"
FILES = ("kimp_tiered", "kimp_tiered_1h", "kimp_zscore", "quickstart")

# Letters that a keyboard, an editor or a chat window leaves behind.
_CHARACTERS = (
    *" \t:,-#'\"[]{}&*!|>%@`?~_.0159abkz\\/",
    *("\0", "\r", "\x85", "\u00a0", "\u200b", "\u2028", "\u3000", "\ufeff", "\ud800"),
    *("：", "，", "％", "５", "“", "가", "프리미엄", "\u1100\u1161", "e\u0301", "😀"),
)  # fmt: skip
_VALUES = (
    *("", "~", "null", "none", "None", "true", "false", "True", "yes", "on", "off", "n", "halt", "refuse", "x"),
    *("0", "-0", "1", "1.0", "+1", "-1", "2", "5", "10", "010", "0x1F", "1_000", "1,000", "1e3", "1e-3", "5e-05", ".5"),
    *("1.", "1e400", "1e99999", ".inf", ".nan", "1" * 41, "1" * 5000, "1:30", "2026-11-21", "12:30:45.5"),
    *("3%", "3 %", "3.0%", "0%", "-1%", "%3", "3%#x", "300bp", "0.1bp", "1000%", "3 %%", "0.0000000000000000001%"),
    *("5m", "0s", "0ms", "1.5h", "9999999d", "10000000d", "80 h", "1:00h", "0.0001s", "5M", "10"),
    *("40,000,000 KRW", "40_000_000 KRW", "40000000KRW", "0 KRW", "0.25 btc", "-1 KRW", "1,0 KRW", "40,000,000"),
    *("BTC worth 1 KRW at start", "BTC worth 0 KRW at start", "'24,000,000 KRW'", '"0.25 BTC"', "upbit BTC/KRW"),
    *("binance_usdm BTC/USDT", "upbit BTC/BTC", "secret:x", "secret:", "secret:비밀", "short_premium", "any", "close"),
    *("[]", "{}", "[1]", "[entry, entry]", "[entry, exit]", "[[]]", "{a: 1}", "{use: x.y}", "{use: gates.fresh}"),
    *("{use: alerts.console, with: {tell: [halt]}}", "{use: [a]}", "{use: {}}", "{with: {}}", "{ultra: 40%}"),
    *("{use: fx.yahoo, with: {max_age: 1s, when_closed: refuse}}", "{for: 1d, then: exit}", "{below_z: 1}"),
    *("{clips: [100%], next: 1%}", "{clips: [], next: 1%}", "'on'", "'unclosed", '"\\q"', "!!str x", "&a b", "*a"),
    *("| x", "> x", "@x", "`x`", "? x", "- x", "a: b", "a #b", "한글", "２％", "“3%”", "x" * 600, "premium.zscore"),
    *("sizing.share", "sim.depth", "gates.freshh", "no.such", "nodot", "use", "with", "<<", "karb"),
)  # fmt: skip
_KEY = re.compile(r"[\w.]+(?=:(?:\s|$))", re.MULTILINE)
_VALUE = re.compile(r"(?<=: )[^\s{\[#][^,}\]#\n]*|(?<=- )[^\s{\[#][^,}\]#\n]*|(?<=: )[\[{][^\n#]*")


def _delete_character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _insert_character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(_CHARACTERS) + text[at:]


def _replace_character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(_CHARACTERS) + text[at + 1 :]


def _swap_characters(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _cut(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + rng.randrange(200) :]


def _lines(change: Callable[[list[str], random.Random], None]) -> Callable[[str, random.Random], str]:
    def edit(text: str, rng: random.Random) -> str:
        lines = text.split("\n")
        change(lines, rng)
        return "\n".join(lines)

    return edit


def _delete_line(lines: list[str], rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _double_line(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    lines.insert(at, lines[at])


def _copy_line(lines: list[str], rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))


def _swap_lines(lines: list[str], rng: random.Random) -> None:
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _copy_block(lines: list[str], rng: random.Random) -> None:
    at, length = rng.randrange(len(lines)), rng.randrange(2, 60)
    lines[at:at] = lines[at : at + length]


def _shift_line(lines: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" " * rng.randrange(1, 9) + lines[at], lines[at].lstrip(), "- " + lines[at].lstrip()))


def _misspell_key(text: str, rng: random.Random) -> str:
    found = rng.choice(list(_KEY.finditer(text)) or [re.match("", text)])
    assert found is not None
    key, at = found[0], rng.randrange(max(len(found[0]), 1))
    other = rng.choice(_KEY.findall(text) or ["x"])
    better = (key[:at] + key[at + 1 :], key[:at] + key[at : at + 1] * 2 + key[at + 1 :], other, key + "e", key.upper())
    return text[: found.start()] + rng.choice(better) + text[found.end() :]


def _replace_value(text: str, rng: random.Random) -> str:
    found = rng.choice(list(_VALUE.finditer(text)) or [re.match("", text)])
    assert found is not None
    other = rng.choice([*_VALUES, *_VALUES, *_VALUE.findall(text)])
    return text[: found.start()] + other + text[found.end() :]


_EDITS: tuple[tuple[int, Callable[[str, random.Random], str]], ...] = (
    (2, _delete_character),
    (2, _insert_character),
    (1, _replace_character),
    (1, _swap_characters),
    (1, _cut),
    (3, _lines(_delete_line)),
    (1, _lines(_double_line)),
    (2, _lines(_copy_line)),
    (1, _lines(_swap_lines)),
    (1, _lines(_copy_block)),
    (1, _lines(_shift_line)),
    (3, _misspell_key),
    (9, _replace_value),
)


def edited(name: str, number: int) -> str:
    """The shipped file `name` after edit `number`: mostly one change, sometimes up to three."""
    rng = random.Random(f"{name}:{number}")
    text = shipped(name)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        edit = rng.choices([e for _, e in _EDITS], [weight for weight, _ in _EDITS])[0]
        text = edit(text + "\n" if len(text) < 2 else text, rng)
    return text


@cache
def shipped(name: str) -> str:
    return (STRATEGIES / f"{name}.yaml").read_text("utf-8")


@cache
def catalogue() -> Catalogue:
    return Catalogue.installed()


@cache
def published() -> Draft202012Validator:
    """The schema of every component that is installed."""
    return Draft202012Validator(strategy_schema(catalogue().offers()))


@dataclass(slots=True)
class Tally:
    """How many edits ended how; `violations` name each broken promise by `FILE:NUMBER`."""

    ends: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.ends += other.ends
        self.violations += other.violations


def campaign(name: str, numbers: range) -> Tally:
    tally = Tally()
    for number in numbers:
        end, violations = judge(edited(name, number))
        tally.ends[end] += 1
        tally.violations += [f"{name}:{number}: {violation}" for violation in violations]
    return tally


def judge(text: str) -> tuple[str, list[str]]:
    """How karb took the text, and which of its promises broke."""
    try:
        document = read(Source.of_text(text))
        checked = check_document(document, catalogue())
        said = [*_rendered(checked)]
    except Exception as e:  # noqa: BLE001 - that nothing is raised is what is tried
        return "raised", [f"raised {type(e).__name__}: {e}"[:300]]
    violations = [*_outside(checked), *_disagreement(document, checked), *said]
    return _end(document, checked), violations


def _end(document: Document, checked: Checked) -> str:
    if document.findings:
        return "refused by the reader"
    if not checked.errors:
        return "accepted"
    return "refused by a model" if _of_models(checked) else "refused by a review or a scalar"


def _rendered(checked: Checked) -> Iterator[str]:
    """Every sentence exists in both languages, and shows neither a Python name nor an address."""
    for finding in checked.findings:
        for said in filter(None, (finding.said, finding.help, *(note.said for note in finding.notes))):
            for lang in LANGUAGES:
                told = render(said, lang)
                if "pydantic" in told or "https://" in told or "<class" in told or "\n" in told:
                    yield f"{finding.code} shows its insides: {told[:120]}"


def _outside(checked: Checked) -> Iterator[str]:
    lines = checked.source.lines
    for finding in checked.findings:
        for mark in (finding.mark, *(note.mark for note in finding.notes)):
            inside = 1 <= mark.line <= len(lines) and 1 <= mark.column <= max(1, len(lines[mark.line - 1]))
            if not inside or mark.width < 1:
                yield f"{finding.code} points outside the file: {mark}"


def _disagreement(document: Document, checked: Checked) -> Iterator[str]:
    """On data that the reader took without complaint, no K2xx and K3xx is the same as: the schema accepts."""
    if document.findings or not isinstance(document.data, dict):
        return
    models, schema = not _of_models(checked), published().is_valid(document.data)
    if models and not schema:
        error = next(iter(published().iter_errors(document.data)))
        yield f"the models accept what the schema refuses at {list(error.absolute_path)}: {error.message[:120]}"
    if schema and not models:
        yield f"the schema accepts what the models refuse: {_of_models(checked)}"
    if any(finding.code.startswith("K9") for finding in checked.findings):
        yield "karb calls itself wrong (K9xx)"


def _of_models(checked: Checked) -> list[str]:
    return [f"{f.code} at {f.mark.line}:{f.mark.column}" for f in checked.findings if f.code[:2] in ("K2", "K3")]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--edits", type=int, default=20_000, help="edits per shipped file")
    parser.add_argument("--show", metavar="FILE:NUMBER", help="one edit, and what karb says to it")
    args = parser.parse_args()
    return _show(*args.show.split(":")) if args.show else _run(args.edits)


def _run(edits: int) -> int:
    began, chunk, workers = time.monotonic(), 250, os.cpu_count() or 1
    total: Mapping[str, Tally] = {name: Tally() for name in FILES}
    with ProcessPoolExecutor(workers) as pool:
        work = [(n, range(at, min(at + chunk, edits))) for at in range(0, edits, chunk) for n in FILES]
        for (name, _), tally in zip(work, pool.map(campaign, *zip(*work, strict=True)), strict=True):
            total[name].add(tally)
    for name, tally in total.items():
        ends = ", ".join(f"{count:,} {end}" for end, count in sorted(tally.ends.items()))
        print(f"{name}: {edits:,} edits: {ends}; {len(tally.violations)} violations")
    violations = [violation for tally in total.values() for violation in tally.violations]
    print(*violations[:50], sep="\n")
    print(f"{time.monotonic() - began:.0f} s on {workers} cores")
    return 1 if violations else 0


def _show(name: str, number: str) -> int:
    text = edited(name, int(number))
    print(*unified_diff(shipped(name).split("\n"), text.split("\n"), "shipped", "edited", lineterm="", n=1), sep="\n")
    for finding in check_document(read(Source.of_text(text)), catalogue()).findings:
        help_ = render(finding.help) if finding.help else ""
        print(f"{finding.mark.line}:{finding.mark.column} {finding.code} {render(finding.said)}; {help_}")
    end, violations = judge(text)
    print(end, *violations, sep="\n")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
