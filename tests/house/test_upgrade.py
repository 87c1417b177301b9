"""A newer karb and a newer plugin take over with a lot open: the ledger is carried on, and the lot leaves by its rules."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.plugin.catalogue import Catalogue
from tests.house.stage import Place, lived
from tests.house.test_going_on import entered, left
from tests.house.test_older_rules import CAP, WITH_CAP
from tests.plugin.site import GOOD, Site

_INIT = "        self._params = params\n"
OLD = GOOD.replace(_INIT, f"{_INIT}{WITH_CAP}")
#: The next release of the same plugin: one more setting of the machine.
_LIMIT = 'example="20%", tighter="lower")\n'
NEW = OLD.replace(_LIMIT, f'{_LIMIT}    every: PositiveRatio = tech("1%", "how fine it looks", ko="보는 간격")\n')
BEFORE = "0002"


def as_the_release_before_left_it(path: Path) -> None:
    """What the last migration added was not there yet."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("DROP TABLE sendings")
        file.execute("DROP TABLE tellings")
        file.execute("UPDATE ledger_version SET version_num = ?", (BEFORE,))
        file.commit()


def upgraded(site: Site) -> None:
    """As pip replaces a package."""
    shutil.rmtree(site.folder / "outsider_caps-0.1.0.dist-info")
    del sys.modules["outsider_caps"]
    site.install("caps", NEW, version="0.2.0")


def test_after_an_upgrade_the_lot_that_is_open_leaves_by_its_rules_and_nothing_is_lost(
    folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("caps", OLD)
    monkeypatch.setenv("KARB_PLUGINS", f"{os.environ['KARB_PLUGINS']},caps")
    path = folder / "karb.ledger"
    place = Place(folder, open_ledger(path))

    async def before() -> str:
        async with place.running(CAP) as alive:
            await entered(place, alive)
            digest: str = alive.desk.strategy.terms.rules_digest
            return digest

    async def after() -> None:
        async with place.running(CAP) as alive:
            assert len(alive.desk.books.open_lots()) == 1
            assert not alive.desk.halts.latched
            await left(place, alive)
            assert len(alive.fills()) == 4
            alive.need_same_books()

    digest = lived(before)
    place.ledger.close()
    as_the_release_before_left_it(path)
    upgraded(site)
    place.catalogue, place.ledger = Catalogue.installed(), open_ledger(path)
    lived(after)
    done = [d for d in decisions(place.ledger, Whose("paper:walker")) if d.intent_id is not None]
    assert [(d.kind.value, d.rules_digest) for d in done] == [("entry", digest), ("exit", digest)]
    assert len(list(folder.glob("karb.ledger.*"))) >= 1, "no copy was made before the ledger was carried on"
    place.need_sound(CAP)
    place.ledger.close()
