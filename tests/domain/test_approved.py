import pytest

from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cited, Denied, Passed

STEP = Cited("execution.on_one_leg[2].unwind", "kimp.yaml", 70, "{band: 200bp, for: 5s}")


def test_nobody_can_write_an_approval_by_hand() -> None:
    with pytest.raises(TypeError, match="only the gates"):
        Approved("plan", None)
    with pytest.raises(TypeError, match="only the gates"):
        Approved("plan", STEP, object())


def test_all_gates_must_have_passed() -> None:
    assert Approved.by_gates("plan", [Passed(), Passed()]).item == "plan"
    with pytest.raises(ValueError, match="denied, so not approved"):
        Approved.by_gates("plan", [Passed(), Denied("max_position", "41%", "40%")])


def test_a_rule_of_the_owners_approves_and_stays_named_on_every_order() -> None:
    approved = Approved.by_rule("plan", STEP)
    assert approved.by == STEP
    assert approved.carried_by("order") == Approved.by_rule("order", STEP)
    assert approved != Approved.by_gates("plan", [])


def test_an_approval_does_not_change() -> None:
    approved = Approved.by_gates("plan", [])
    with pytest.raises(AttributeError, match="does not change"):
        approved.item = "another"
    with pytest.raises(AttributeError, match="does not change"):
        del approved.item
    assert hash(approved) == hash(Approved.by_gates("plan", []))
