"""`karb why`: each decision of a run, found by its name or its time, with the lines that made it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.decisions import Written
from karb_core.ledger.reading import decisions
from tests.cli.conftest import Karb
from tests.cli.shipped import plugins
from tests.wiring.tiny import Ran, ran, strategy_text, write_market


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("why")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KARB_PLUGINS", ",".join(plugins()))
        one = ran(write_market(folder), folder / "ledger.sqlite")
        (folder / "tiny.yaml").write_text(strategy_text(), "utf-8")
        yield one
    one.ledger.close()


def of_kind(done: Ran, kind: DecisionKind) -> Written:
    return next(d for d in decisions(done.ledger, done.whose) if d.kind is kind)


@pytest.fixture
def why(karb: Karb, done: Ran) -> Karb:
    ledger = done.ledger.name
    return lambda *arguments: karb("why", *arguments, "--ledger", ledger)


def file_of(done: Ran) -> str:
    return str(Path(done.ledger.name).parent / "tiny.yaml")


def test_an_entry_by_its_intent_cites_the_lines_that_made_it(why: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    told = why(str(entry.intent_id))
    assert told.code == 0
    assert told.out.startswith(f"entry {entry.pair} {entry.side}")
    text = strategy_text().split("\n")
    for cited in entry.document()["cited"]:
        line = f"tiny.yaml:{cited['line']}"
        shown = next(row for row in told.out.split("\n") if cited["rule"] in row)
        assert shown.rstrip().endswith(line)
        # The line says what is cited, under the very key.
        assert cited["rule"].rpartition("/")[2] in text[cited["line"] - 1]
        assert str(cited["written"]) in text[cited["line"] - 1]


def test_by_the_beginning_of_its_digest(why: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    digest = entry.digest.removeprefix("sha256:")
    assert why(digest[:12]).out == why(str(entry.intent_id)).out


def test_a_refusal_that_went_on_says_since_when_how_often_and_by_which_line(why: Karb, done: Ran) -> None:
    refusal = next(d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.REFUSAL and d.times > 1)
    told = why(refusal.digest.removeprefix("sha256:")[:16])
    assert f"repeated {refusal.times} times until" in told.out
    assert f"denied {refusal.document()['denied'][0]['rule']}" in told.out


def test_at_a_time_of_a_pair(why: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    from karb_core.cli.results import instant

    at = instant(entry.first_at_ns)[:19]
    told = why(file_of(done), "--at", at, "--pair", entry.pair)
    assert told.out.startswith(f"entry {entry.pair}")
    # A minute later nothing was decided: the last before it, not the next.
    later = why(file_of(done), "--at", at[:17] + "59", "--pair", entry.pair)
    assert later.out.startswith((f"entry {entry.pair}", f"refusal {entry.pair}", f"rearm {entry.pair}"))


def test_during_a_refusal_that_went_on_it_is_the_refusal(why: Karb, done: Ran) -> None:
    refusal = next(d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.REFUSAL and d.times > 1)
    from karb_core.cli.results import instant

    middle = (refusal.first_at_ns + refusal.last_at_ns) // 2
    told = why(file_of(done), "--at", instant(middle)[:19], "--pair", refusal.pair)
    assert f"refusal {refusal.pair}" in told.out


def test_the_last_ones_of_a_file(why: Karb, done: Ran) -> None:
    told = json.loads(why(file_of(done), "--format", "json").out)
    everything = list(decisions(done.ledger, done.whose))
    assert told["format_version"] == 1
    assert len(told["decisions"]) == min(20, len(everything))
    assert told["decisions"][-1]["at_ns"] == everything[-1].first_at_ns
    assert {"first_at", "last_at", "times", "kind", "cited", "denied", "seen"} <= set(told["decisions"][0])


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuchintent2345",),
        ("",),
        ("FILE", "--at", "2024-01-01"),
        ("FILE", "--pair", "DOGE"),
        ("nosuch", "--format", "json"),
    ],
)
def test_what_fits_nothing_is_told(arguments: tuple[str, ...], why: Karb, done: Ran) -> None:
    told = why(*(file_of(done) if a == "FILE" else a for a in arguments))
    assert (told.code, told.err.strip()) == (2, "error: no decision fits")
    assert told.out == ""


@pytest.mark.parametrize("at", ["noon", "2025-13-01", "14:00"])
def test_a_time_that_is_none_is_told(at: str, why: Karb, done: Ran) -> None:
    told = why(file_of(done), "--at", at)
    assert (told.code, f"`{at}` is not a time" in told.err) == (2, True)


def test_a_strategy_that_never_ran_is_told(why: Karb, home: Path) -> None:
    (home / "other.yaml").write_text(strategy_text(("name: quickstart", "name: other")), "utf-8")
    told = why("other.yaml")
    assert (told.code, "no run of `other` is in this ledger" in told.err) == (2, True)


def test_a_ledger_that_is_not_there_is_not_made(karb: Karb, home: Path) -> None:
    told = karb("why", "abc", "--ledger", "none.sqlite")
    assert told.code == 8
    assert not (home / "none.sqlite").exists()


def test_speaks_korean(karb: Karb, done: Ran) -> None:
    refusal = next(d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.REFUSAL and d.times > 1)
    name = refusal.digest.removeprefix("sha256:")[:16]
    told = karb("--lang", "ko", "why", name, "--ledger", done.ledger.name)
    assert f"{refusal.times}번 반복" in told.out
    wrong = karb("--lang", "ko", "why", "nosuchintent2345", "--ledger", done.ledger.name)
    assert (wrong.code, "맞는 결정이 없습니다" in wrong.err) == (2, True)
