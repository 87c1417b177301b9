"""Lines of a file written otherwise: in memory as in the text, and the text is left alone everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.errors import StrategyInvalid
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Change
from karb_core.rulebook.changed import changed, places_of
from karb_core.rulebook.check import Checked, check, check_again, check_document
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.rewritten import rewritten
from karb_core.rulebook.source import Source
from karb_core.rules.shape import at
from karb_core.texts.text import render

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "strategies").glob("*.yaml"))
QUICK = ROOT / "strategies" / "quickstart.yaml"
ENTRY = "/signal/with/entry"
GATE = "{use: gates.max_position, id: other, at: [entry], with: {of: capital, single: 45%}}"


def document(path: Path = QUICK) -> Document:
    return read(Source.of_text(path.read_text("utf-8"), path.name))


def checked(of: Document) -> Checked:
    return check_document(of, Catalogue.installed())


@pytest.mark.parametrize(
    "changes",
    [
        (Change(ENTRY, "2.35"),),
        (Change(ENTRY, "2.35"), Change("/signal/with/take_profit", "0.65%")),
        (Change("/signal/with/exit/max_holding", "{for: 5d, then: exit}"),),
        (Change("/signal/with/exit/max_holding", "none"),),
        (Change("/signal/with/exit/max_holding/for", "12h"),),
        (Change("/signal/with/exit", "{profit_by: krw, profit: net, funding: ignored, exit_z: none, exit_when: any,"
                " stop_loss: none, max_holding: none}"),),
        (Change("/risk_gates/0", None),),
        (Change("/risk_gates/3", None), Change("/risk_gates/1", None)),
        (Change("/risk_gates/-", GATE),),
        (Change("/risk_gates/0", None), Change("/risk_gates/2/with/single", "45%"), Change("/risk_gates/-", GATE)),
        (Change("/execution/on_one_leg/0", None),),
        (Change("/execution/on_one_leg/0/retry/band", "40bp"),),
        (Change("/capital", "30,000,000 KRW"),),
        (Change("/notifiers", "[]"),),
        (Change("/balances/upbit/0", "44,000,000 KRW"),),
    ],
    ids=lambda changes: " ".join(change.pointer for change in changes),
)  # fmt: skip
def test_in_memory_it_is_the_file_that_really_says_so(changes: tuple[Change, ...]) -> None:
    base = document()
    text = rewritten(base, changes)
    assert text != base.source.text
    mine, real = checked(changed(base, changes)), check(Source.of_text(text, "quickstart.yaml"), Catalogue.installed())
    assert [finding.said for finding in mine.errors] == [finding.said for finding in real.errors] == []
    assert mine.rulebook is not None
    assert real.rulebook is not None
    assert mine.rulebook.digests == real.rulebook.digests
    assert {line.pointer: line.written for line in mine.rulebook.lines} == {
        line.pointer: line.written for line in real.rulebook.lines
    }
    assert mine.rulebook.digests.config != checked(base).rulebook.digests.config  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (Change(ENTRY, "2.35"),),
        (Change(ENTRY, "2.35"), Change("/signal/with/exit/max_holding", "none")),
        (Change("/signal/use", "premium.zscore_tiers"),),
        (Change(ENTRY, "-1"),),
        (Change("/risk_gates/0", None),),
        (Change("/risk_gates/2/with/single", "10%"),),
        (Change("/risk_gates/1/at", "[entry]"), Change("/risk_gates/-", GATE)),
        (Change("/fx_source/money", "none"),),
        (Change("/pairs/ETH/share", "90%"),),
        (Change("/simulate/backtest/use", "sim.depth"),),
    ],
    ids=lambda changes: " ".join(change.pointer for change in changes),
)
def test_components_that_are_taken_over_change_nothing_that_is_found(changes: tuple[Change, ...]) -> None:
    base, catalogue = document(), Catalogue.installed()
    whole = check_document(base, catalogue).rulebook
    assert whole is not None
    other = changed(base, changes)
    assert check_again(other, whole, places_of(base, changes), catalogue) == check_document(other, catalogue)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_line_of_a_shipped_file_can_be_written_again_as_it_is(path: Path) -> None:
    base = document(path)
    rulebook = checked(base).rulebook
    assert rulebook is not None
    lines = [line for line in rulebook.lines if line.mark is not None and not (line.written or "[").startswith("[")]
    assert len(lines) > 50
    for line in lines:
        again = rewritten(
            base, (Change(line.pointer, f'"{line.written}"' if "," in str(line.written) else line.written),)
        )
        assert again.replace('"', "") == base.source.text.replace('"', ""), line.pointer


def test_only_the_line_that_is_changed_changes_and_its_comment_stays() -> None:
    base = document()
    before, after = base.source.lines, rewritten(base, (Change(ENTRY, "2.5"),)).split("\n")
    (row,) = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert after[row] == before[row].replace("entry: 2.0", "entry: 2.5")
    assert "# inclusive" in after[row]


def test_the_document_itself_is_as_it_was() -> None:
    base, untouched = document(), document()
    changed(base, (Change(ENTRY, "3.0"), Change("/risk_gates/0", None), Change("/risk_gates/-", GATE)))
    assert base == untouched


@pytest.mark.parametrize(
    ("written", "code"),
    [("-1", "K303"), ("2.0%", "K303"), ("yes", "K303"), ("[1", "K101"), ("{a: 1, a: 2}", "K103"), ("none", "K303")],
)
def test_a_value_that_the_file_could_not_have_is_found_at_its_place(written: str, code: str) -> None:
    base = document()
    found = checked(changed(base, (Change(ENTRY, written),))).errors
    assert code in {finding.code for finding in found}
    place = next(n for n, line in enumerate(base.source.lines, 1) if line.startswith("    entry: 2.0"))
    assert {finding.mark.line for finding in found} == {place}
    assert all(render(finding.said) for finding in found)


@pytest.mark.parametrize("pointer", ["", "/signal/with/entyr", "/risk_gates/4", "/signal/with/entry/-", "/capital/x"])
def test_a_place_that_the_file_does_not_have_is_no_place_to_change(pointer: str) -> None:
    with pytest.raises(LookupError):
        changed(document(), (Change(pointer, "1"),))


def test_items_behind_one_that_goes_move_up() -> None:
    out = changed(document(), (Change("/risk_gates/0", None),))
    assert at(out.data, ("risk_gates", 0, "id")) == "fresh_out"
    assert out.written["risk_gates", 0, "id"] == "fresh_out"
    assert ("risk_gates", 3) not in out.values


@pytest.mark.parametrize(
    ("gates", "wanted"),
    [
        ("[]", "[{use: a.b}]"),
        ("[{use: c.d}]", "[{use: c.d}, {use: a.b}]"),
        ("\n  - {use: c.d}  # said", "\n  - {use: c.d}  # said\n  - {use: a.b}"),
        ("\n  - use: c.d\n    at: [entry]", "\n  - use: c.d\n    at: [entry]\n  - {use: a.b}"),
    ],
)
def test_an_item_is_added_behind_the_last_however_the_list_is_laid_out(gates: str, wanted: str) -> None:
    base = read(Source.of_text(f"risk_gates: {gates}\nname: x\n"))
    assert rewritten(base, (Change("/risk_gates/-", "{use: a.b}"),)) == f"risk_gates: {wanted}\nname: x\n"


@pytest.mark.parametrize(
    ("gates", "wanted"),
    [
        ("[{use: c.d}]", "[]"),
        ("[{use: c.d}, {use: a.b}]", "[{use: a.b}]"),
        ("\n  - use: c.d\n    at: [entry]\n  - {use: a.b}", "\n  - {use: a.b}"),
        ("\n  - use: c.d\n", "\n  []\n"),
    ],
)
def test_an_item_is_taken_out_with_its_lines(gates: str, wanted: str) -> None:
    base = read(Source.of_text(f"risk_gates: {gates}\nname: x\n"))
    assert rewritten(base, (Change("/risk_gates/0", None),)) == f"risk_gates: {wanted}\nname: x\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a:\n  b: 1  # said\n  c:\n    d: 2\n", "a:\n  c:\n    d: 2\n"),
        ("a: {b: 1, c: 2}\n", "a: {c: 2}\n"),
        ("a: {c: 2, b: 1}\n", "a: {c: 2}\n"),
        ("a:\n  b: 1\n", "a:\n  {}\n"),
    ],
)
def test_a_key_is_taken_out_with_its_value(text: str, wanted: str) -> None:
    assert rewritten(read(Source.of_text(text)), (Change("/a/b", None),)) == wanted


def test_what_cannot_be_changed_in_place_is_refused_rather_than_guessed() -> None:
    """A block inside a flow would end the line that it stands on."""
    base = read(Source.of_text("a: [1, 2]\nb: x\n"))
    with pytest.raises(StrategyInvalid):
        rewritten(base, (Change("/a/0", "1 # no"),))
