"""The script of a wire: what is written comes first, what is drawn comes from the seed alone."""

from decimal import Decimal

import pytest

from tests.chaos.faults import BEFALLS, SPELLS, Fault, Faults, Group, Spell, Verb


def test_every_fault_has_a_group_and_every_group_a_fault() -> None:
    assert {fault.group for fault in Fault} == set(Group)


def test_what_a_wire_brings_is_of_the_wire_or_of_its_venue() -> None:
    brought = {*SPELLS, *(fault for faults in BEFALLS.values() for fault in faults)}
    assert {fault.group for fault in brought} == {Group.WIRE, Group.VENUE}
    assert {fault for fault in Fault if fault.group is Group.WIRE} <= brought


def test_what_is_written_comes_call_by_call_and_then_what_a_spell_brings() -> None:
    faults = Faults(
        script={Verb.PLACE: [Fault.REQUEST_LOST, None]},
        spells=[Spell(Fault.ANSWER_LOST, 10, 20), Spell(Fault.DOWN, 0, 5)],
    )
    told = [faults.next(Verb.PLACE, at_ns) for at_ns in (10, 10, 10, 19, 20)]
    assert told == [Fault.REQUEST_LOST, None, Fault.ANSWER_LOST, Fault.ANSWER_LOST, None]
    assert faults.next(Verb.FIND, 10) is None
    assert [faults.is_on(Fault.DOWN, at_ns) for at_ns in (0, 4, 5)] == [True, True, False]
    assert faults.injected == {Fault.REQUEST_LOST: 1, Fault.ANSWER_LOST: 2, Fault.DOWN: 2}


@pytest.mark.parametrize("per_mille", [0, 250, 1000])
def test_so_many_of_a_thousand_calls_are_befallen_by_what_is_allowed(per_mille: int) -> None:
    allowed = {Fault.READ_LOST, Fault.FILLS_TWICE, Fault.REQUEST_LOST}
    faults = Faults(5, per_mille=per_mille, among=allowed)
    told = [faults.next(Verb.FILLS, 0) for _ in range(1000)]
    befallen = [fault for fault in told if fault is not None]
    assert abs(len(befallen) - per_mille) <= 50
    assert set(befallen) == (allowed - {Fault.REQUEST_LOST} if per_mille else set())
    again = Faults(5, per_mille=per_mille, among=allowed)
    assert [again.next(Verb.FILLS, 0) for _ in range(1000)] == told


def test_every_fault_of_a_call_is_drawn() -> None:
    faults = Faults(1, per_mille=1000)
    assert {faults.next(Verb.PLACE, 0) for _ in range(500)} == set(BEFALLS[Verb.PLACE])


def test_nothing_is_drawn_when_the_storm_is_over() -> None:
    faults = Faults(1, per_mille=1000, until_ns=10)
    assert faults.next(Verb.PLACE, 9) is not None
    assert faults.next(Verb.PLACE, 10) is None


def test_a_part_is_in_steps_and_never_all() -> None:
    faults, step = Faults(1), Decimal("0.001")
    parts = {faults.part(Decimal("0.003"), step) for _ in range(50)}
    assert parts == {Decimal(0), step, Decimal("0.002")}
    assert faults.part(Decimal("0.0005"), step) == 0


@pytest.mark.parametrize(
    ("script", "spells"),
    [
        ({Verb.FIND: [Fault.REQUEST_LOST]}, []),
        ({}, [Spell(Fault.KILLED, 0, 1)]),
    ],
)
def test_what_a_wire_cannot_bring_is_not_written(script: dict[Verb, list[Fault]], spells: list[Spell]) -> None:
    with pytest.raises(ValueError, match="cannot bring"):
        Faults(script=script, spells=spells)
