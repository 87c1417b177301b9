"""`upbit.orders` as a house opens it, against a server on this machine: from the file's line to bytes and back."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from karb_core.domain.holdings import Account
from karb_core.domain.orders import Filled, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.errors import SecretUnset, StrategyInvalid
from karb_core.ports import OpenAccount, OpensAccount, Stage
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Words, render
from karb_core.wiring.wall_clock import WallClock
from karb_upbit.orders import Orders, OrdersParams
from tests.plugins.karb_upbit.orders_told import (
    ACCOUNTS,
    BTC,
    CHANCE,
    NOT_FOUND,
    NOW,
    PRICES,
    SECOND,
    TICKS,
    approved,
    listed,
    order,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import KEYS, Fate, UpbitHere, served

D = Decimal
PLACE, FIND, CANCEL = "POST /v1/orders", "GET /v1/order", "DELETE /v1/order"
SECRET = f"{KEYS.access}:{KEYS.secret}"
Doing = Callable[[OpenAccount, UpbitHere], Awaitable[None]]


def component(url: str = "https://api.upbit.com", timeout: str = "5s") -> Orders:
    return Orders(OrdersParams.model_validate({"keys": "secret:upbit", "base_url": url, "timeout": timeout}))


def over_the_wire(doing: Doing, *, timeout: str = "5s") -> UpbitHere:
    upbit = UpbitHere(headers={"Remaining-Req": "group=default; min=1800; sec=29"})
    upbit.on("GET /v1/orderbook/instruments", TICKS)
    upbit.on("GET /v1/ticker", PRICES)
    upbit.on("GET /v1/orders/chance", CHANCE)

    async def run() -> None:
        async with served(upbit) as url:
            account = component(url, timeout).open_account([BTC], lambda name: SECRET, WallClock())
            try:
                await doing(account, upbit)
            finally:
                await account.close()

    asyncio.run(run())
    return upbit


def test_it_opens_accounts_and_says_which_without_a_key() -> None:
    opens = component()
    assert isinstance(opens, OpensAccount)
    assert (opens.account(), opens.stage, opens.venues(OrdersParams.model_construct())) == (
        "upbit secret:upbit",
        Stage.EXPERIMENTAL,
        frozenset({"upbit"}),
    )


def test_a_whole_order_from_facts_to_fills() -> None:
    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        whole = told("done", trade(1, "0.0004"), trade(2, "0.0006"))
        upbit.on(PLACE, (201, told("wait")))
        upbit.on(FIND, whole)
        upbit.on("GET /v1/orders/open", [])
        upbit.on("GET /v1/orders/closed", [listed(whole)])
        upbit.on("GET /v1/accounts", ACCOUNTS)
        assert (await account.facts())[BTC].tick_at(D(124350000)) == 1000
        assert isinstance(await account.place(approved()), Filled)
        found = await account.find(order())
        assert isinstance(found, Filled)
        assert (found.filled.value, found.cost.value, found.final) == (D("0.001"), D("124350"), True)
        fills = await account.fills_since(NOW - 60 * SECOND)
        assert sum(fill.fee.value for fill in fills) == D("62.175")
        assert (await account.balances())[Account("upbit", "KRW")].free == D("1500000.0")

    upbit = over_the_wire(doing)
    assert len(upbit.of(PLACE)) == 1


@pytest.mark.parametrize("said", [Fate.DROPPED, (502, b"<html></html>"), (201, b'{"uuid":')], ids=str)
def test_an_order_without_an_answer_is_sent_once_over_a_connection_that_was_kept(said: Any) -> None:
    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        await account.facts()
        upbit.on(PLACE, said)
        upbit.on(FIND, told("cancel", trade(1, "0.0004")))
        assert isinstance(await account.place(approved()), Unknown)
        assert isinstance(await account.find(order()), Filled)

    assert len(over_the_wire(doing).of(PLACE)) == 1


def test_a_cancel_without_an_answer_is_sent_once() -> None:
    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        await account.facts()
        upbit.on(CANCEL, Fate.DROPPED)
        await account.cancel(order())

    assert len(over_the_wire(doing).of(CANCEL)) == 1


def test_one_that_upbit_never_answers_is_given_up() -> None:
    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        upbit.on(PLACE, Fate.SILENT)
        upbit.on(FIND, NOT_FOUND)
        await account.facts()
        outcome = await account.place(approved())
        assert isinstance(outcome, Unknown)
        assert isinstance(await account.find(order()), Unknown)

    assert len(over_the_wire(doing, timeout="300ms").of(PLACE)) == 1


def test_every_request_has_a_nonce_of_its_own_and_a_signature_that_holds() -> None:
    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        upbit.on("GET /v1/orders/open", [])
        upbit.on("GET /v1/orders/closed", [])
        upbit.on(CANCEL, told("wait"))
        for _ in range(3):
            assert await account.open_orders() == []
            assert await account.fills_since(NOW) == []
            await account.cancel(order())

    upbit = over_the_wire(doing)
    assert len(upbit.nonces) == len(upbit.asked) > 9


def test_where_nobody_listens_it_is_unreachable_and_silent() -> None:
    async def run() -> None:
        async with served(UpbitHere()) as url:
            pass
        account = component(url).open_account([BTC], lambda name: SECRET, WallClock())
        with pytest.raises(VenueSilent):
            await account.balances()
        found = await account.find(order())
        assert isinstance(found, Unknown)
        await account.close()

    asyncio.run(run())


@pytest.mark.parametrize("value", ["", "only-one-part-of-it", "planted:se cret"])
def test_a_secret_that_is_no_key_is_refused_without_a_part_of_it(value: str) -> None:
    with pytest.raises(StrategyInvalid) as no:
        component().open_account([BTC], lambda name: value, WallClock())
    assert isinstance(no.value.said, Words)
    for lang in ("en", "ko"):
        text = render(no.value.said, lang)
        assert "secret:upbit" in text
        assert all(part not in text for part in value.split(":") if part)


def test_a_secret_that_is_not_set_is_the_owners_to_set() -> None:
    def unset(name: SecretName) -> str:
        raise SecretUnset(Words(f"{name} is not set"))

    with pytest.raises(SecretUnset):
        component().open_account([BTC], unset, WallClock())


class Everything(logging.Handler):
    """Keeps whatever anybody logs, at every level."""

    def __init__(self) -> None:
        super().__init__(0)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.args!r}")


def test_a_planted_key_is_in_no_outcome_error_repr_or_log() -> None:
    shown, heard = list[str](), Everything()
    logging.getLogger().addHandler(heard)
    level = logging.getLogger().level
    logging.getLogger().setLevel(0)

    async def doing(account: OpenAccount, upbit: UpbitHere) -> None:
        asyncio.get_running_loop().set_debug(True)
        fates = [Fate.DROPPED, (500, b"x"), (401, {"error": {"name": "jwt_verification", "message": "no"}}), b"{"]
        for call in ("GET /v1/accounts", "GET /v1/orders/open", FIND, PLACE, CANCEL):
            upbit.on(call, *fates)
        await account.facts()
        for _ in fates:
            for ask in (account.balances, account.open_orders):
                try:
                    shown.append(repr(await ask()))
                except VenueSilent as e:
                    shown.append("".join(traceback.format_exception(e)) + repr(e))
            shown.append(repr(await account.find(order())))
            shown.append(repr(await account.place(approved(order(id=f"karb-m1-abcdefghij234567-0-{len(shown)}")))))
            await account.cancel(order())
        client = account._client  # type: ignore[attr-defined]
        shown.extend(map(repr, (account, client, client._keys, client.connection, vars(client))))

    try:
        over_the_wire(doing)
    finally:
        logging.getLogger().removeHandler(heard)
        logging.getLogger().setLevel(level)
    text = "\n".join([*shown, *heard.said])
    assert len(shown) > 16
    assert "jwt_verification" in text
    for planted in (KEYS.access, KEYS.secret, "Bearer", "eyJ"):
        assert planted not in text
