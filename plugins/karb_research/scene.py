"""The market of a scenario at a moment: prices, books and rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, FxRate, Level
from karb_core.domain.premium import premium
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.ports import Setting
from karb_core.texts.text import Words
from karb_research.happenings import Legs
from karb_research.scenario import Usual
from karb_research.spells import Spell, happening

_ONE = Decimal(1)
_HALF = Decimal("0.5")  # karb: constant because the mid lies half way between bid and ask


@dataclass(frozen=True, slots=True)
class Scene:
    """`offset`: how far the premium was pushed, a ratio; `spells`: the events that began.

    Near is what far, and the rate where the data end, make it at the premium; a rate that jumps moves no price.
    """

    setting: Setting
    usual: Usual
    offset: Decimal
    spells: tuple[Spell, ...]

    def mid(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Half way between bid and ask, exact, on no tick yet. Unit: quote per base."""
        legs, price = legs_of(self.setting, instrument), self.setting.last[instrument]
        if instrument == legs[0]:
            world = exact.mul(self.setting.last[legs[-1]], _calm_rate(self.setting, legs))
            above = exact.add(premium(price, world, _ONE), self.offset)
            price = exact.mul(world, exact.add(_ONE, above))
        for spell in self.spells:
            moves = spell.event.happens.price_moves
            if moves is not None and is_of(self.setting, moves, instrument):
                price = exact.mul(price, exact.add(_ONE, exact.mul(moves.by, spell.moved(moves, at_ns))))
        return price

    def moving(self, at_ns: int) -> bool:
        """Whether a price is on its way somewhere."""
        moves = ((spell, spell.event.happens.price_moves) for spell in self.spells)
        return any(move is not None and spell.moving(move, at_ns) for spell, move in moves)

    def depth(self, instrument: Instrument, at_ns: int) -> Depth:
        """The book: levels of one amount on both sides, on the venue's ticks and in its steps."""
        mid, facts = self.mid(instrument, at_ns), self.setting.facts[instrument]
        half = exact.mul(exact.mul(self.usual.spread, _HALF), self._times("spread_times", instrument, at_ns))
        amount = self._amount(instrument, at_ns)
        bids: dict[Decimal, Decimal] = {}
        asks: dict[Decimal, Decimal] = {}
        for at in range(self.usual.levels):
            away = exact.add(half, exact.mul(self.usual.apart, Decimal(at)))
            bid = facts.floor_price(exact.mul(mid, exact.sub(_ONE, away)))
            ask = facts.ceil_price(exact.mul(mid, exact.add(_ONE, away)))
            bids[bid] = exact.add(bids.get(bid, Decimal(0)), amount)
            asks[ask] = exact.add(asks.get(ask, Decimal(0)), amount)
        return Depth(instrument, _levels(bids), _levels(asks), at_ns, at_ns)

    def rate(self, seat: str, at_ns: int) -> FxRate | None:
        """What the source of a seat says then; None where it is silent."""
        if any(_is_seated(block.seats, seat) for block in happening("rate_missing", self.spells, at_ns)):
            return None
        calm, told_ns = self.setting.rates[seat], at_ns
        for spell in self.spells:
            frozen = spell.event.happens.rate_frozen
            if frozen is not None and _is_seated(frozen.seats, seat) and spell.on(at_ns):
                told_ns = min(told_ns, spell.from_ns)
        value = calm.rate
        for jump in happening("rate_jumps", self.spells, told_ns):
            if _is_seated(jump.seats, seat):
                value = exact.mul(value, exact.add(_ONE, jump.by))
        return replace(calm, rate=value, venue_at_ns=told_ns, received_at_ns=at_ns)

    def is_silent(self, instrument: Instrument, at_ns: int) -> bool:
        """Whether its venue tells no books of it."""
        blocks = happening("silent", self.spells, at_ns)
        return any(is_of(self.setting, block, instrument) for block in blocks)

    def _amount(self, instrument: Instrument, at_ns: int) -> Decimal:
        """Base at each level, the same for all legs of a pair, in steps of this one."""
        near = legs_of(self.setting, instrument)[0]
        if self.usual.level.asset != near.quote:
            raise UsageMistake(_other_money(self.usual.level.asset, near))
        price = exact.mul(self.setting.last[near], self._times("depth_divided_by", instrument, at_ns))
        return exact.divide(self.usual.level.value, price, self.setting.facts[instrument].amount_step, Rounding.CEIL)

    def _times(self, kind: str, instrument: Instrument, at_ns: int) -> Decimal:
        """The product of all factors of a kind that are on."""
        product = _ONE
        for block in happening(kind, self.spells, at_ns):
            if is_of(self.setting, block, instrument):
                product = exact.mul(product, block.factor)
        return product


def legs_of(setting: Setting, instrument: Instrument) -> tuple[Instrument, ...]:
    """Those of the first pair that has the instrument. Errors: KeyError for one that no pair has."""
    for legs in setting.pairs.values():
        if instrument in legs:
            return legs
    raise KeyError(instrument)


def instruments(setting: Setting) -> list[Instrument]:
    """Each once, in the file's order."""
    return list(dict.fromkeys(instrument for legs in setting.pairs.values() for instrument in legs))


def is_of(setting: Setting, happens_to: Legs, instrument: Instrument) -> bool:
    """Whether it happens to this instrument: the first leg of a pair is near."""
    is_near = instrument == legs_of(setting, instrument)[0]
    return happens_to.legs == "both" or (happens_to.legs == "near") is is_near


def _calm_rate(setting: Setting, legs: tuple[Instrument, ...]) -> Decimal:
    """What one quote of far was in the quote of near where the data end; 1 where they are one asset."""
    if legs[0].quote == legs[-1].quote:
        return _ONE
    if "premium" not in setting.rates:
        said = Words("the dataset knows no exchange rate where it ends", "데이터셋이 끝나는 곳의 환율이 없습니다")
        raise DataUnusable(said)
    return setting.rates["premium"].rate


def _is_seated(seats: str, seat: str) -> bool:
    return seats in ("both", seat)


def _levels(amounts: Mapping[Decimal, Decimal]) -> tuple[Level, ...]:
    """Best first: they were made from the middle outwards."""
    return tuple(Level(price, amount) for price, amount in amounts.items())


def _other_money(asset: str, near: Instrument) -> Words:
    return Words(
        f"the scenario's `level` is told in {asset}, and {near.text()} is priced in {near.quote}",
        f"시나리오의 `level`은 {asset}인데 {near.text()}의 가격은 {near.quote}입니다",
    )
