"""The key in a real Redis: what stands there is read as it was written, and whatever is wrong is said without a secret."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

pytest.importorskip("redis", reason="needs karb[redis]")

from redis import Redis

from karb_core.errors import SecretUnset, UsageMistake
from karb_core.ports import HaltStoreSilent
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Words
from karb_redis.door import DOOR
from karb_redis.store import KEY, RedisHalts
from tests.plugins.karb_redis.redis_here import RedisHere, redis_here

T = TypeVar("T")
PASSWORD = "a-password-that-nobody-may-see"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no redis-server there")


def no_secret(name: SecretName) -> str:
    raise SecretUnset(Words(f"{name} has no value"))


def of(store: RedisHalts, does: Callable[[RedisHalts], Awaitable[T]]) -> T:
    async def done() -> T:
        try:
            return await does(store)
        finally:
            await store.close()

    return asyncio.run(done())


def read(address: str, secrets: Callable[[SecretName], str] = no_secret) -> bytes | None:
    return of(DOOR.open_halts(address, secrets), lambda store: store.read())


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisHere]:
    with redis_here(tmp_path_factory.mktemp("redis")) as here:
        yield here


@pytest.fixture
def by_hand(redis: RedisHere) -> Iterator[Redis]:
    """As `redis-cli` at any machine."""
    client = Redis(port=redis.port)
    client.flushall()
    yield client
    client.close()


@pytest.mark.parametrize("written", ["flatten: news", "", "정지", "x" * 999])
def test_what_anybody_set_is_read(redis: RedisHere, by_hand: Redis, written: str) -> None:
    assert read(redis.address) is None
    by_hand.set(KEY, written.encode()[:999])
    assert read(redis.address) == written.encode()[:999]


def test_of_a_reason_without_end_no_more_than_its_beginning_is_read(redis: RedisHere, by_hand: Redis) -> None:
    by_hand.set(KEY, b"flatten " + b"x" * 10**6)
    assert read(redis.address) == b"flatten " + b"x" * 992


def test_it_is_written_and_taken_away_once(redis: RedisHere, by_hand: Redis) -> None:
    async def life(store: RedisHalts) -> list[bool]:
        await store.write(b"no-entries: news")
        assert by_hand.get(KEY) == b"no-entries: news"
        return [await store.remove(), await store.remove()]

    assert of(DOOR.open_halts(redis.address, no_secret), life) == [True, False]


def test_a_key_of_another_kind_is_no_answer(redis: RedisHere, by_hand: Redis) -> None:
    by_hand.lpush(KEY, "flatten")
    with pytest.raises(HaltStoreSilent, match="WRONGTYPE"):
        read(redis.address)


def test_one_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    with redis_here(tmp_path) as here:
        here.ended()
        with pytest.raises(HaltStoreSilent, match="ConnectionError"):
            read(here.address)


def test_one_that_was_away_answers_the_same_store_again(tmp_path: Path) -> None:
    with redis_here(tmp_path) as here:

        async def life(store: RedisHalts) -> bytes | None:
            assert await store.read() is None
            here.ended()
            with pytest.raises(HaltStoreSilent):
                await store.read()
            here.begun()
            await store.write(b"flatten")
            return await store.read()

        assert of(DOOR.open_halts(here.address, no_secret), life) == b"flatten"


def test_the_password_is_a_secret_and_stands_in_no_error(tmp_path: Path) -> None:
    with redis_here(tmp_path, "--requirepass", PASSWORD) as here:
        assert read(here.address, lambda name: {"secret:redis": PASSWORD}[str(name)]) is None
        for wrong in (no_secret, lambda _: PASSWORD[:-1]):
            with pytest.raises(HaltStoreSilent) as told:
                read(here.address, wrong)
            assert PASSWORD[:-1] not in str(told.value)


@pytest.mark.parametrize(
    "address", [f"redis://:{PASSWORD}@127.0.0.1:6379/0", "redis://", "redis://127.0.0.1:six/0", "redis:///0"]
)
def test_an_address_that_is_none_or_has_a_password_is_refused_unread(address: str) -> None:
    with pytest.raises(UsageMistake) as told:
        DOOR.open_halts(address, no_secret)
    assert PASSWORD not in str(told.value)
