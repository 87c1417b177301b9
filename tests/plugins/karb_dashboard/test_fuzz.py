"""The API asked what nobody would ask, by its own description: never a mistake of its own, a write by nobody, a secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from karb_core.ledger.commands import COMMANDS
from karb_core.ledger.ledger import open_ledger
from tests.house.process import LEDGER
from tests.plugins.karb_dashboard.browsing import Shown, shown

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its house ends by a POSIX signal")

CHECKS = [
    not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance, ignored_auth,
]  # fmt: skip
STEERING = ("/api/halt", "/api/resume")
#: Addresses, each method by itself.
ADDRESSES = 16
#: KARB_FUZZ says how many for each of them, of whoever wants more.
EXAMPLES = settings(
    max_examples=int(os.environ.get("KARB_FUZZ", "20")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shown(tmp_path_factory.mktemp("fuzzed"), settings="asks_per_second: 100000\n") as made:
        yield made


@pytest.fixture(scope="module")
def described(house: Shown) -> Any:
    return schemathesis.openapi.from_url(f"{house.at}/openapi.json")


def each_case(described: Any, asks: Callable[[Any], None], wanted: Callable[[str, str], bool] = lambda *_: True) -> int:
    """Over every address and method that are published; how many those were."""
    count = 0
    for found in described.get_all_operations():
        operation = found.ok()
        if wanted(operation.method.upper(), operation.path):
            count += 1
            EXAMPLES(given(case=operation.as_strategy())(asks))()
    return count


def commands(folder: Path) -> list[str]:
    ledger = open_ledger(folder / LEDGER, read_only=True)
    with ledger.reading() as connection:
        found = [str(row.author) for row in connection.execute(COMMANDS.select())]
    ledger.close()
    return found


def no_secret(house: Shown, response: Any) -> None:
    for secret in (house.token, house.word):
        assert secret not in response.text
        assert secret not in str(response.headers)


def test_with_both_secrets_whatever_else_is_told(described: Any, house: Shown) -> None:
    """What is told reaches the ledger, whatever its words are made of. It comes first: who guessed wrong is not heard."""
    before = len(commands(house.folder))

    def asks(case: Any) -> None:
        if isinstance(case.body, dict):
            case.body = {**{k: v for k, v in case.body.items() if k != "strategy"}, "second": house.word}
        response = case.call(headers={"Authorization": f"Bearer {house.token}"})
        case.validate_response(response, checks=CHECKS)
        no_secret(house, response)

    assert each_case(described, asks, lambda method, path: path in STEERING) == len(STEERING)
    assert len(commands(house.folder)) > before


def test_with_the_token_whatever_is_asked(described: Any, house: Shown) -> None:
    def asks(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {house.token}"})
        case.validate_response(response, checks=CHECKS)
        no_secret(house, response)

    assert each_case(described, asks) == ADDRESSES


def test_without_the_token_nothing_is_told_and_nothing_is_written(described: Any, house: Shown) -> None:
    before = len(commands(house.folder))

    def asks(case: Any) -> None:
        response = case.call(headers={"Authorization": "Bearer nobody"})
        assert response.status_code < 500
        assert response.status_code >= 400 or case.path in ("/health", "/api/session")
        no_secret(house, response)

    each_case(described, asks)
    assert len(commands(house.folder)) == before
