"""Several sources of one rate: the first that is fresh rules, and none is told while two that are fresh disagree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.market import FxKind, FxRate
from karb_core.domain.statement import VenueSilent
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Clock
from karb_core.ports.fx_source import EmitRate
from karb_core.rulebook.check import check
from karb_core.rulebook.source import read_source
from karb_core.wiring.seated_source import SeatedSource, seated_sources
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_fx.chain import Chain

S = 1_000_000_000
MINUTE = 60 * S
NOW = 1_795_237_200 * S
OF: list[dict[str, str]] = [{"use": "fx.dunamu"}, {"use": "fx.yahoo"}]
HOUSE = Path(__file__).parents[3]


def rate(value: str, at_ns: int = NOW) -> FxRate:
    return FxRate("USD", "KRW", Decimal(value), "here", FxKind.BASE, at_ns, at_ns)


@dataclass(slots=True)
class Says:
    """A source that says each rate after so long, and then breaks or goes on for ever."""

    rates: list[tuple[float, FxRate]]
    max_age: int = 10 * MINUTE
    closed: int | None = None
    open: bool = True
    breaks: bool = False
    before: list[FxRate] = field(default_factory=list)
    begun: int = 0

    def max_age_ns(self) -> int:
        return self.max_age

    def when_closed_ns(self) -> int | None:
        return self.closed

    def is_open(self, at_ns: int) -> bool:
        return self.open

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        self.begun += 1
        for after_s, told in self.rates if self.begun == 1 else []:
            await asyncio.sleep(after_s)
            emit(told)
        if self.breaks:
            raise VenueSilent("here", "/", "nothing")
        await asyncio.Event().wait()

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [one for one in self.before if since_ns <= one.venue_at_ns < until_ns]


def chain(*of: Says, apart: str = "0.5%", **ages: Any) -> Chain:
    written = {"max_age": "10m", "when_closed": "refuse", "apart": apart, "of": OF[: len(of)]} | ages
    return Chain(Chain.Params.model_validate(written), of)


def told_by(made: Chain, for_s: float = 3600) -> list[str]:
    told: list[FxRate] = []

    async def whole() -> None:
        runs = asyncio.ensure_future(made.run(told.append, VirtualClock()))
        await asyncio.sleep(for_s)
        assert not runs.done()
        runs.cancel()
        await asyncio.gather(runs, return_exceptions=True)

    run(whole(), NOW, NOW + 24 * 3600 * S)
    return [str(one.rate) for one in told]


def test_while_the_first_is_fresh_the_second_is_not_told_and_then_it_is() -> None:
    first = Says([(0, rate("1470"))])
    second = Says([(60, rate("1471", NOW + MINUTE)), (541, rate("1472", NOW + 601 * S))])
    assert told_by(chain(first, second)) == ["1470", "1472"]


def test_exactly_as_old_as_it_may_be_the_first_still_rules() -> None:
    second = Says([(600, rate("1472", NOW + 600 * S))])
    assert told_by(chain(Says([(0, rate("1470"))]), second)) == ["1470"]


def test_the_first_takes_its_place_again_as_soon_as_it_tells_something() -> None:
    first = Says([(700, rate("1473", NOW + 700 * S))])
    assert told_by(chain(first, Says([(1, rate("1472", NOW + S))]))) == ["1472", "1473"]


@pytest.mark.parametrize(
    ("other", "told"), [("1477.35", True), ("1477.36", False), ("1462.69", True), ("1462.68", False)]
)
def test_two_that_are_fresh_may_be_exactly_so_far_apart(other: str, told: bool) -> None:
    """0.5 % of the smaller: 7.35 of 1,470, and 7.31345 of 1,462.69."""
    made = chain(Says([(1, rate("1470", NOW + S))]), Says([(0, rate(other))]))
    assert ("1470" in told_by(made)) is told


def test_one_that_is_too_old_by_its_own_age_is_compared_with_nothing() -> None:
    old = Says([(0, rate("1600", NOW - 20 * MINUTE))], max_age=10 * MINUTE)
    daily = Says([(0, rate("1600", NOW - 20 * MINUTE))], max_age=60 * MINUTE)
    assert told_by(chain(Says([(1, rate("1470", NOW + S))]), old))[-1] == "1470"
    assert "1470" not in told_by(chain(Says([(1, rate("1470", NOW + S))]), daily))


def test_without_a_bound_they_may_be_as_far_apart_as_they_are() -> None:
    assert "1470" in told_by(chain(Says([(1, rate("1470", NOW + S))]), Says([(0, rate("1600"))]), apart="none"))


def test_one_that_breaks_is_begun_anew_and_the_other_goes_on() -> None:
    first, second = Says([], breaks=True), Says([(5, rate("1471", NOW + 5 * S))])
    assert told_by(chain(first, second), 10) == ["1471"]
    assert first.begun > 5


def test_its_market_is_open_while_that_of_any_is_and_its_ages_are_the_chains_own() -> None:
    made = chain(Says([], open=False), Says([]), max_age="7m", when_closed="80h")
    assert (made.is_open(NOW), made.max_age_ns(), made.when_closed_ns()) == (True, 7 * MINUTE, 80 * 60 * MINUTE)
    assert not chain(Says([], open=False), Says([], open=False)).is_open(NOW)


def test_what_was_before_is_the_first_sources_that_kept_it() -> None:
    kept = [rate("1468", NOW - 5 * MINUTE), rate("1469", NOW)]
    made = chain(Says([], before=[]), Says([], before=kept))
    assert list(asyncio.run(made.past(NOW - 10 * MINUTE, NOW))) == kept[:1]  # type: ignore[arg-type]


CHAIN = """\
  premium:
    use: fx.chain
    with:
      max_age: 10m
      when_closed: 80h
      apart: 0.5%
      of:
        - {use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}
        - {use: fx.koreaexim, with: {max_age: 30h, when_closed: 110h, key: secret:bank}}
"""


def chained() -> str:
    text = (HOUSE / "strategies" / "kimp_tiered.yaml").read_text("utf-8")
    before = next(line for line in text.splitlines(keepends=True) if line.startswith("  premium: {use: fx.dunamu"))
    return text.replace(before, CHAIN)


def test_a_file_names_the_sources_inside_the_chain_and_each_is_given_its_own_key(tmp_path: Path) -> None:
    written = tmp_path / "chained.yaml"
    written.write_text(chained(), "utf-8")
    rulebook = check(read_source(str(written)), Catalogue.installed()).rulebook
    assert rulebook is not None
    asked: list[str] = []
    seated = seated_sources(rulebook, lambda name: asked.append(str(name)) or "a key")["premium"]
    assert isinstance(seated, SeatedSource)
    assert isinstance(seated.source, Chain)
    assert asked == ["secret:bank"]


def test_what_is_wrong_inside_a_chain_is_said_at_its_place(tmp_path: Path) -> None:
    text = chained().replace(
        "max_age: 10m, when_closed: 80h}}\n        - {use: fx.koreaexim", "max_age: 10m}}\n        - {use: fx.koreaexim"
    )
    written = tmp_path / "mine.yaml"
    written.write_text(text, "utf-8")
    (found,) = check(read_source(str(written)), Catalogue.installed()).findings
    assert found.mark is not None
    assert (text.splitlines()[found.mark.line - 1].strip()[:17], found.code) == ("- {use: fx.dunamu", "K302")
