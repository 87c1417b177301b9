"""A process that is ended at any boundary by a signal nobody can catch, and started again, ends where it would have."""

from __future__ import annotations

import multiprocessing
import signal

import pytest

from karb_core.ledger.ledger import Ledger
from tests.chaos.killed.life import IN_COMMIT
from tests.chaos.killed.line import HANDED
from tests.chaos.killed.script import SCRIPTS
from tests.chaos.killed.sweep import Sweep, every_other, spread, unproven
from tests.ledger.conftest import ledger, postgres_url, where

__all__ = ["ledger", "postgres_url", "where"]

KINDS = {"before commit", IN_COMMIT, "after commit", "before send", HANDED, "after answer"}

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL") or "forkserver" not in multiprocessing.get_all_start_methods(),
    reason="this system knows no signal that nobody can catch",
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_whatever_kills_it_everybody_has_in_the_end_what_they_would_have_had(
    name: str, ledger: Ledger, where: str
) -> None:
    sweep = Sweep(name, ledger, where)
    whole = sweep.whole()
    assert set(whole.passed) == KINDS
    turn = list(SCRIPTS).index(name)
    killed = [sweep.killed(kills, whole) for kills in spread(whole.passed, turn)]
    assert {where for done in killed for where in done.where} >= set(every_other(whole.passed, turn))
    assert [done for done in killed if done.differs] == []
    assert unproven(ledger) == []
