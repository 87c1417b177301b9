"""What a house takes in is kept beside everything else: a disk that is slow or full holds nothing up."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.domain.holdings import Account
from karb_core.domain.market import Cautions, FundingRate, Mark, VenueClock, VenueState, VenueStatus
from karb_core.domain.orders import Filled, Rejected, Side, Unknown
from karb_core.domain.statement import Balance, Income, VenuePosition, VenueSilent
from karb_core.ledger.commands import Command
from karb_core.texts.text import Said, render
from karb_core.wiring.input_line import HouseRun, StepLines
from karb_core.wiring.inputs import (
    Answered,
    BarCame,
    Began,
    Failed,
    Input,
    Looked,
    Moved,
    Past,
    Question,
    Rang,
    RateCame,
    Saw,
    Step,
    Told,
)
from karb_core.wiring.kept_inputs import KeptInputs
from karb_core.wiring.recorder import segments
from karb_core.wiring.recording import recording
from tests.venue.accounts import PERPETUAL, SPOT, facts, order
from tests.wiring.recorded_house import FAR, START, bars, book, rate
from tests.wiring.test_recorder import FULL, on_linux

RUN = HouseRun(
    account="paper:x",
    strategy="x",
    mode="paper",
    mark="abcd",
    rules_digest="r",
    started_at_ns=START,
    venues=("upbit", "binance_usdm"),
    facts=(facts(SPOT), facts(PERPETUAL)),
)
COMMAND = Command(
    id="1", account="a", strategy=None, verb="halt", strength="no-entries", reason="r", author="me", at_ns=1
)


def kept(folder: Path, said: list[Said]) -> KeptInputs:
    return KeptInputs(said.append).opens(folder)


ORDER = order(SPOT, Side.SELL, "0.1", "130000000")
NOTHING = ORDER.instrument.amount(Decimal(0))
COST = ORDER.instrument.amount(Decimal(0)).at(ORDER.instrument.price(Decimal(1)))
ANSWERS: list[tuple[str, object, object]] = [
    ("place", ORDER, Filled(ORDER, NOTHING, COST, True)),
    ("place", ORDER, Rejected(ORDER, "busy", "later")),
    ("find", ORDER, Unknown(ORDER, "no answer", NOTHING, COST)),
    ("cancel", ORDER, None),
    ("cancel", ORDER, Failed(VenueSilent("upbit", "cancel", "gone"))),
    ("balances", None, {Account("upbit", "KRW"): Balance(Decimal("1.5"), Decimal(0))}),
    ("positions", None, {PERPETUAL: VenuePosition(Decimal(-1), Decimal(2), FAR, None)}),
    ("income_since", 7, (Income("i", "funding", PERPETUAL, PERPETUAL.amount(Decimal(1)), 8),)),
    ("fills_since", 7, ()),
    ("durable", None, None),
]
WHATS: list[Input] = [
    *(BarCame(bar) for bar in bars(START, 0.01)),
    RateCame("money", rate("money", START)),
    Past(bars(START, 0.01), {"premium": (rate("premium", START),), "money": ()}),
    Began(),
    Looked(),
    Moved(),
    Rang(),
    Told(COMMAND, {"the lease": Halt.NO_ENTRIES}),
]


def seen(what: Input) -> Step:
    top = book(SPOT, Decimal(130_000_000), START).top()
    assert top is not None
    mark = Mark(PERPETUAL, FAR, None, START, START)
    funding = FundingRate(PERPETUAL, Decimal("0.0001"), START, True, None, START, START)
    status = (VenueStatus("upbit", None, VenueState.DOWN, "busy", START, START), _up(START))
    depths = (book(SPOT, Decimal(130_000_000), START),)
    clocks, cautions = (VenueClock("upbit", -5, 7, START, START),), (Cautions(SPOT, ("warning",), START, START),)
    return Step(
        START,
        what,
        Saw((top,), (PERPETUAL,), (mark,), (funding,), status, depths, clocks, cautions),
        Halt.REDUCE_ONLY,
        True,
    )


def _up(at_ns: int) -> VenueStatus:
    return VenueStatus("upbit", SPOT, VenueState.UP, "", at_ns, at_ns)


def test_what_was_seen_before_venues_told_of_themselves_is_read_as_nothing_told() -> None:
    step = seen(Began())
    told = json.loads(StepLines().line(step))
    del told["saw"]["status"], told["saw"]["depths"], told["saw"]["clocks"], told["saw"]["cautions"]
    assert step.saw is not None
    assert StepLines().step(told) == replace(step, saw=replace(step.saw, status=(), depths=(), clocks=(), cautions=()))


@pytest.mark.parametrize("what", WHATS)
def test_a_step_is_read_back_as_it_was(what: Input) -> None:
    for step in (Step(START, what), seen(what)):
        assert StepLines().step(json.loads(StepLines().line(step))) == step


@pytest.mark.parametrize(("verb", "about", "said"), ANSWERS)
def test_an_answer_is_read_back_as_it_was_also_where_it_says_the_same_again(
    verb: str, about: object, said: object
) -> None:
    writes, reads = StepLines(), StepLines()
    asked = tuple(Question(n, "upbit", verb, about) for n in (0, 1))  # type: ignore[arg-type]
    for step in (Step(1, Began(), asked=asked), Step(2, Answered(0, said)), Step(3, Answered(1, said))):
        back = reads.step(json.loads(writes.line(step)))
        assert str(back) == str(step)


def test_what_was_kept_is_a_recording(tmp_path: Path) -> None:
    said: list[Said] = []
    inputs = kept(tmp_path / "run", said)
    inputs.run(RUN)
    steps = [Step(START + n, what) for n, what in enumerate(WHATS)]
    for step in steps:
        inputs.step(step)
    asyncio.run(inputs.write())
    assert (recording(tmp_path / "run").run, list(recording(tmp_path / "run").steps)) == (RUN, steps)
    assert said == []


@on_linux
def test_a_disk_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    inputs = kept(tmp_path / "run", [])
    os.mkfifo(tmp_path / "run" / "000001.jsonl")
    inputs.step(Step(1, Looked()))

    async def goes_on() -> bool:
        writing = asyncio.ensure_future(inputs.write())
        for at_ns in (2, 3):
            await asyncio.sleep(0)
            inputs.step(Step(at_ns, Looked()))
        hangs = not writing.done()
        reader = os.open(tmp_path / "run" / "000001.jsonl", os.O_RDONLY | os.O_NONBLOCK)
        await writing
        os.close(reader)
        return hangs

    assert asyncio.run(goes_on())


@on_linux
def test_a_full_disk_is_told_once_and_what_waits_is_written_when_there_is_room(tmp_path: Path) -> None:
    said: list[Said] = []
    inputs = kept(tmp_path / "run", said)
    (tmp_path / "run" / "000001.jsonl").symlink_to(FULL)
    inputs.run(RUN)
    for n in range(3):
        inputs.step(Step(n, Looked()))
        asyncio.run(inputs.write())
    assert [render(each) for each in said] == [
        "what this run takes in is not being kept, so it may not be replayed later; trading goes on: the run's journal "
        f"{tmp_path / 'run' / '000001.jsonl'} cannot be written: No space left on device"
    ]
    segments(tmp_path / "run")[0].unlink()
    inputs.flush()
    assert [step.at_ns for step in recording(tmp_path / "run").steps] == [0, 1, 2]


def test_what_has_no_one_writing_ends_the_recording_and_not_the_run(tmp_path: Path) -> None:
    said: list[Said] = []
    inputs = kept(tmp_path / "run", said)
    inputs.run(RUN)
    asked = (Question(0, "upbit", "balances"),)
    for step in (Step(1, Looked(), asked=asked), Step(2, Answered(0, {1.5: "x"})), Step(3, Looked())):
        inputs.step(step)
    inputs.flush()
    assert [step.at_ns for step in recording(tmp_path / "run").steps] == [1]
    assert len(said) == 1


def test_a_run_without_inputs_is_no_recording(tmp_path: Path) -> None:
    from karb_core.errors import LedgerUnusable

    (tmp_path / "000001.jsonl").write_text('{"is":"fill","at_ns":1}\n')
    with pytest.raises(LedgerUnusable, match="keeps no inputs"):
        recording(tmp_path)
    (tmp_path / "000001.jsonl").write_text('{"is":"told","at_ns":1}\n')
    with pytest.raises(LedgerUnusable, match="is damaged"):
        recording(tmp_path)
