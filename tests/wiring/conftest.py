"""One market and one whole run over it, shared by all tests of this room: nobody changes either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shipped import plugins
from tests.wiring.tiny import Ran, ran, write_market


@pytest.fixture(scope="package", autouse=True)
def only_ours() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KARB_PLUGINS", ",".join(plugins()))
        yield


@pytest.fixture(scope="package")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="package")
def once(market: Path, only_ours: None) -> Iterator[Ran]:
    done = ran(market, market.parent / "once.sqlite")
    yield done
    done.ledger.close()
