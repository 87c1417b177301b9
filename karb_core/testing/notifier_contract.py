"""The contract of a notifier."""

from __future__ import annotations

from typing import Any, ClassVar

from karb_core.ports import Notice, NoticeKind
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.scene import notice
from karb_core.testing.written import data_of


class NotifierContract(ComponentContract):
    """secret: the value of the component's secret in these tests, if it has one: it may be told nowhere."""

    port: ClassVar[str] = "notifier"
    secret: ClassVar[str] = ""

    def told(self, component: Any, notice: Notice) -> str:
        """What came out at the other end when the component was given this; empty for nothing."""
        raise NotImplementedError

    def outcomes(self, component: Any) -> object:
        return [self.told(component, notice(kind)) for kind in NoticeKind]

    def test_it_tells_what_the_owner_asked_for_and_reminders_always(self) -> None:
        tell = data_of(self.params).get("tell")
        component = self.built()
        for kind in NoticeKind:
            told = self.told(component, notice(kind))
            assert bool(told) is kind.told_by(tell if tell is not None else list(NoticeKind)), kind

    def test_what_it_tells_names_the_pair_and_no_secret(self) -> None:
        component = self.built()
        told = [self.told(component, notice(kind)) for kind in NoticeKind]
        assert any("BTC" in text for text in told)
        assert not self.secret or all(self.secret not in text for text in (*told, repr(component)))

    def test_a_notice_with_fewer_facts_is_told_all_the_same(self) -> None:
        bare = Notice(NoticeKind.HALT, 0, "", "live", {"reason": "a test", "strength": "no entries"})
        assert "a test" in self.told(self.built(), bare)
