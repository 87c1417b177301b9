"""`karb why`: each decision of a run, found by its name or its time, with the lines that made it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from karb_core.cli.instants import instant
from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.decisions import Written
from karb_core.ledger.reading import decisions
from karb_core.rules.shown import shown
from karb_core.wiring.recorder import journal_folder, segments
from tests.cli.conftest import Karb
from tests.cli.shipped import plugins
from tests.wiring.tiny import Edit, Ran, ran, strategy_text, write_market


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


def test_what_is_shown_is_rounded_and_what_is_stored_and_given_as_json_is_not(karb: Karb, done: Ran) -> None:
    refusal = next(d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.REFUSAL)
    (denied, *_) = refusal.document()["denied"]
    observed, limit = shown(denied["observed"], denied["limit"])
    asked = ("why", refusal.digest.removeprefix("sha256:")[:16], "--ledger", done.ledger.name)
    told = karb(*asked).out
    assert f"  denied {denied['rule']}: {observed} (limit {limit})\n" in told
    assert f"  denied {denied['rule']}: {observed} (한도 {limit})\n" in karb("--lang", "ko", *asked).out
    assert re.search(r"\.[0-9]+ KRW", denied["observed"])
    assert not re.search(r"\.[0-9]+ KRW", told)
    assert json.loads(karb(*asked, "--format", "json").out)["decisions"][0]["denied"][0] == denied


def test_at_a_time_of_a_pair(why: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    at = instant(entry.first_at_ns)[:19]
    told = why(file_of(done), "--at", at, "--pair", entry.pair)
    assert told.out.startswith(f"entry {entry.pair}")
    # A minute later nothing was decided: what was seen then, and the last decision before it, not the next.
    later = why(file_of(done), "--at", at[:17] + "59", "--pair", entry.pair)
    assert later.out.startswith(f"no decision was made for {entry.pair} at {at[:17]}59.000Z\n")
    _, _, before = later.out.partition("the last decision before:\n")
    assert before.startswith((f"entry {entry.pair}", f"refusal {entry.pair}", f"rearm {entry.pair}"))


def test_during_a_refusal_that_went_on_it_is_the_refusal(why: Karb, done: Ran) -> None:
    refusal = next(d for d in decisions(done.ledger, done.whose) if d.kind is DecisionKind.REFUSAL and d.times > 1)
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


def recorded(done: Ran, pair: str) -> list[dict[str, Any]]:
    """What the run looked at of a pair, in order."""
    files = segments(journal_folder(done.ledger.name, done.made.run.id))
    told = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [t for t in told if t["is"] == "moment" and t["pair"] == pair]


def quiet(done: Ran, pair: str, *, lots: bool = False) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Two moments with an hour or more between them, and a time in the middle; `lots`: with one open at the first."""
    hour = 3_600_000_000_000
    for one, two in pairwise(recorded(done, pair)):
        if two["at_ns"] - one["at_ns"] > hour and (one["lots"] or not lots):
            return one, two, instant((one["at_ns"] + two["at_ns"]) // 2)[:19]
    raise AssertionError("no quiet hour")


def with_rules(done: Ran, folder: Path, *edits: Edit) -> str:
    path = folder / "tiny.yaml"
    path.write_text(strategy_text(*edits), "utf-8")
    return str(path)


def told_of(why: Karb, file: str, at: str, pair: str = "BTC") -> dict[str, Any]:
    answer = why(file, "--at", at, "--pair", pair, "--format", "json")
    assert answer.code == 0, answer.err
    told: dict[str, Any] = json.loads(answer.out)
    return told


def test_where_nothing_was_decided_it_says_what_was_seen_and_between_which_moments(why: Karb, done: Ran) -> None:
    first, last, at = quiet(done, "BTC")
    told = why(file_of(done), "--at", at, "--pair", "BTC").out.split("\n")
    begin, end = instant(first["at_ns"]), instant(last["at_ns"])
    assert told[0] == f"no decision was made for BTC at {at}.000Z"
    assert told[1] == f"  nothing could happen between {begin} and {end}: no bound was within reach"
    assert told[2] == f"  last looked at {begin}:"
    assert any(line.split() == ["z", *shown(first["features"]["z"])] for line in told)
    bid, ask = shown(first["tops"][0]["bid"], first["tops"][0]["ask"])
    assert any(line.split() == ["upbit", "BTC/KRW", bid, "/", ask] for line in told)


def test_each_bound_says_how_far_it_was_and_which_line_states_it(why: Karb, done: Ran) -> None:
    first, _, at = quiet(done, "BTC")
    (moment,) = told_of(why, file_of(done), at)["moments"]
    text = strategy_text().split("\n")
    by_rule = {bound["rule"]: bound for bound in moment["bounds"]}
    assert {"/signal/with/entry", "/signal/with/min_premium"} <= by_rule.keys()
    for bound in moment["bounds"]:
        assert bound["rule"].rpartition("/")[2] in text[bound["line"] - 1]
        assert bound["written"] in text[bound["line"] - 1]
        assert (bound["short"] is None) == bound["met"]
    entry = by_rule["/signal/with/entry"]
    far_out = abs(Decimal(first["features"]["z"]))
    assert (Decimal(entry["seen"]), entry["needed"], entry["met"]) == (far_out, "2", far_out >= Decimal(2))


def test_an_open_lot_says_how_far_its_target_was(why: Karb, done: Ran) -> None:
    first, _, at = quiet(done, "BTC", lots=True)
    (moment,) = told_of(why, file_of(done), at)["moments"]
    targets = [bound for bound in moment["bounds"] if bound["rule"] == "/signal/with/take_profit"]
    assert [bound["about"] for bound in targets] == first["lots"]
    assert all(bound["of"] == "net" and Decimal(bound["needed"]) == Decimal("0.002") for bound in targets)
    lasts = [bound for bound in moment["bounds"] if bound["rule"] == "/signal/with/exit/max_holding/for"]
    assert [bound["about"] for bound in lasts] == first["lots"]


def test_without_a_pair_each_pair_is_told(why: Karb, done: Ran) -> None:
    _, _, at = quiet(done, "XRP")
    told = json.loads(why(file_of(done), "--at", at, "--format", "json").out)
    assert [m["pair"] for m in told["moments"]] == ["BTC", "XRP"]


def test_after_the_end_it_knows_nothing(why: Karb, done: Ran) -> None:
    told = why(file_of(done), "--at", "2030-01-01", "--pair", "BTC")
    assert f"the run ended at {instant(done.made.run.until_ns or 0)}: of later times it knows nothing" in told.out


def test_before_anything_was_looked_at_it_says_so(why: Karb, done: Ran) -> None:
    told = why(file_of(done), "--at", instant(done.made.run.from_ns or 0)[:19], "--pair", "BTC")
    assert "nothing could happen from the beginning of the run" in told.out
    assert instant(recorded(done, "BTC")[0]["at_ns"]) in told.out


def test_rules_that_changed_since_are_said_and_those_that_ran_are_cited(why: Karb, done: Ran, home: Path) -> None:
    _, _, at = quiet(done, "BTC")
    other = with_rules(done, home, ("karb: 1\n", "karb: 1\n\n\n"), ("entry: 2.0", "entry: 3.5"))
    told = told_of(why, other, at)
    assert told["notes"] == [f"{other} has other rules now: the lines are those that ran, from the ledger"]
    entry = next(b for b in told["moments"][0]["bounds"] if b["rule"] == "/signal/with/entry")
    assert (entry["needed"], entry["written"], entry["file"]) == ("2", "2.0", "tiny.yaml")
    assert "entry: 2.0" in strategy_text().split("\n")[entry["line"] - 1]
    same = told_of(why, file_of(done), at)
    assert (same["notes"], same["moments"]) == ([], told["moments"])


def test_assumptions_that_changed_since_are_said(why: Karb, done: Ran, home: Path) -> None:
    _, _, at = quiet(done, "BTC")
    other = with_rules(done, home, ("slippage: 3bp", "slippage: 4bp"))
    (note,) = told_of(why, other, at)["notes"]
    assert note.startswith("assumptions (such as costs) changed since the run")


def test_a_journal_that_is_gone_is_said_and_the_last_decision_shown(why: Karb, done: Ran) -> None:
    _, _, at = quiet(done, "BTC")
    folder = journal_folder(done.ledger.name, done.made.run.id)
    away = folder.rename(folder.with_name("away"))
    try:
        told = told_of(why, file_of(done), at)
    finally:
        away.rename(folder)
    assert told["moments"] == []
    assert told["notes"] == [f"what this run was given is not here: {folder} has no journal"]
    assert [d["pair"] for d in told["decisions"]] == ["BTC"]


def test_what_was_seen_is_told_in_korean(karb: Karb, done: Ran) -> None:
    _, _, at = quiet(done, "BTC")
    asked = ("why", file_of(done), "--at", at, "--pair", "BTC", "--ledger", done.ledger.name)
    told = karb("--lang", "ko", *asked)
    assert "사이에는 아무 일도 일어날 수 없었습니다" in told.out


def test_what_the_owner_was_told_names_the_lot_and_the_line(karb: Karb, done: Ran, tmp_path: Path) -> None:
    edit = ("{for: 60h, then: exit}", "{for: 5h, then: tell}")
    one = ran(Path(done.ledger.name).parent / "market.yaml", tmp_path / "told.sqlite", edit)
    one.ledger.close()
    reminder = of_kind(one, DecisionKind.REMINDER)
    name = reminder.digest.removeprefix("sha256:")[:16]
    out = karb("why", name, "--ledger", one.ledger.name).out
    assert out.startswith(f"reminder {reminder.pair} {reminder.side} ")
    assert re.search(rf"^  lot  +{reminder.document()['lot_ids'][0]}$", out, re.MULTILINE)
    assert re.search(r"/signal/with/exit/max_holding/for +5h +tiny.yaml:\d+$", out, re.MULTILINE)


def test_how_legs_were_carried_out_is_told(why: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    out = why(str(entry.intent_id)).out
    for leg in entry.legs():
        verb = "bought" if leg.side.value == "buy" else "sold"
        assert re.search(rf"^  {leg.instrument.text()} +{verb} .*: slippage [+-]\d+\.\d\d bp, ", out, re.MULTILINE)
    assert out.count("written 0.0 ms, durable 0.0 ms, sent 0.0 ms") == len(entry.legs())
    assert re.search(r"^  legs apart +sent 0.0 ms, answered ", out, re.MULTILINE)
    told = json.loads(why(str(entry.intent_id), "--format", "json").out)["decisions"][0]["carried_out"]
    assert [leg["instrument"] for leg in told["legs"]] == [leg.instrument.text() for leg in entry.legs()]
    assert told["decided_ns"] == entry.first_at_ns
    refusal = of_kind(done, DecisionKind.REFUSAL)
    told = json.loads(why(refusal.digest.removeprefix("sha256:")[:16], "--format", "json").out)
    assert told["decisions"][0]["carried_out"] is None


def test_how_legs_were_carried_out_is_told_in_korean(karb: Karb, done: Ran) -> None:
    entry = of_kind(done, DecisionKind.ENTRY)
    out = karb("--lang", "ko", "why", str(entry.intent_id), "--ledger", done.ledger.name).out
    assert "슬리피지" in out
    assert "다리 사이" in out
