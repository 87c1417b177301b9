"""Every rule that a signal or a sizing names is a line of the owner's file."""

from __future__ import annotations

from decimal import Decimal
from math import nan

from karb_core.ports import Fired, Standing
from karb_core.rulebook.rulebook import Rulebook
from tests.plugins.scene import NOW, TERMS, account, lot, moment, proposal, tops
from tests.rulebook.shipped import checked, edited

EVERY_EXIT = (
    ("exit_z: none", "exit_z: 1.0"),
    ("stop_loss: none", "stop_loss: 1%"),
    ("then: tell}", "then: exit}"),
    ("premium_sign: any ", "premium_sign: agrees "),
    ("kept_for: none ", "kept_for: {ultra: 90%} "),
    ("  - {use: gates.profit_only_exit, at: [exit]}\n", ""),
)


def rulebook() -> Rulebook:
    found = checked(edited(*EVERY_EXIT)).rulebook
    assert found is not None
    return found


def written(of: Rulebook, use: str) -> set[str]:
    return {line.name for line in of.lines if line.use == use}


def test_a_signal_cites_lines_of_its_own() -> None:
    file = rulebook()
    seat = file.seats_of("signal")[0]
    signal = seat.offer.component(seat.params)
    cited: set[str] = set()
    for z in (2.0, 3.0, 4.0):
        for premium, sign in (("0.03", 1), ("-0.03", -1)):
            cited |= set(signal.judge(moment(premium, z * sign), Standing(), TERMS).proposals[0].rules)
    old = 40 * 86_400 * 1_000_000_000
    for near in ("90000", "120000"):
        held = lot(near=near, target="0.01", opened_at_ns=NOW - old)
        standing = Standing((held,), (Fired("normal", 1, Decimal(0), True),))
        judged = signal.judge(moment("0.03", 0.5, at=tops("100000")), standing, TERMS)
        cited |= {rule for found in judged.proposals for rule in found.rules} | {str(judged.rearmed)}
    cited |= set(signal.judge(moment(None, nan), Standing((held,)), TERMS).proposals[0].rules)
    assert cited - written(file, seat.use) == set()
    assert {"tiers.ultra.z", "when_low", "premium_sign", "exit.stop_loss", "tiers.normal.take_profit"} < cited
    assert {"exit.exit_z", "exit.exit_when", "exit.max_holding.for", "exit.max_holding.then", "rearm.below_z"} < cited


def test_a_sizing_cites_lines_of_its_own() -> None:
    file = rulebook()
    seat = file.seats_of("sizing")[0]
    sizing = seat.offer.component(seat.params)
    clip = account(standing=Standing((), (Fired("normal", 1, Decimal("0.03"), False),)))
    sized = [sizing.size(proposal(name), moment(), account()) for name in ("ultra", "extreme")]
    denied = [
        sizing.size(proposal("normal"), moment(), clip),
        sizing.size(proposal("normal"), moment(at=tops("0")), account(others=(lot(near="1000000", tier="normal"),))),
        sizing.size(proposal("ultra"), moment(at=tops("0")), account()),
    ]
    cited = set(sized[0].rules) | {sized[1].rule} | {found.rule for found in denied}
    assert cited - written(file, seat.use) == set()
    assert {"kept_for.ultra", "normal.split.next", "ultra.size", "ultra.over_share"} < cited
