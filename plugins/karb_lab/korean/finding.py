"""Which orders a request means. Source: Upbit's and Bithumb's pages of their exchange APIs."""

from __future__ import annotations

from collections.abc import Iterator

from karb_lab.account import Account, Ticket
from karb_lab.korean.asked import Asked
from karb_lab.korean.refused import Refused
from karb_lab.korean.words import code, moment
from karb_lab.tape import DAY_NS

WINDOW_NS = 7 * DAY_NS  # karb: constant because a list of ended orders spans seven days at most


def one_of(account: Account, order_id: str | None, client_id: str | None) -> Ticket:
    """Errors: `Refused` 404 for one that is not there."""
    found = account.ticket(order_id) if order_id is not None else account.by_client_id(client_id or "")
    if found is None:
        raise Refused.no_order()
    return found


def several_of(account: Account, ids: tuple[str, ...], client_ids: tuple[str, ...]) -> Iterator[Ticket]:
    """Those that are there, in the order in which they were named."""
    found = [account.ticket(one) for one in ids] + [account.by_client_id(one) for one in client_ids]
    return (ticket for ticket in found if ticket is not None)


def listed(account: Account, asked: Asked) -> list[Ticket]:
    """Of one market where one is named; the newest first, where not `asc` is asked for."""
    market = asked.one("market")
    found = [t for t in account.tickets() if market is None or code(t.order.instrument) == market]
    return found[::-1] if asked.one("order_by") == "asc" else found


def page(found: list[Ticket], asked: Asked, most: int) -> list[Ticket]:
    """Errors: `Refused` for a page or a limit that is none."""
    limit, number = asked.count("limit", most, most), asked.count("page", 1, most)
    return found[(number - 1) * limit : number * limit]


def states(asked: Asked, taken: tuple[str, ...], usual: tuple[str, ...], refusal: str) -> tuple[str, ...]:
    """Errors: `Refused` of this name for a state that is not taken."""
    told = asked.many("states") or asked.many("state")
    if any(state not in taken for state in told):
        raise Refused.bad(refusal, f"states: {', '.join(taken)}")
    return told or usual


def window(asked: Asked, now_ns: int) -> tuple[int, int]:
    """Seven days: those after `start_time`, or up to `end_time`, or the last. Errors: `Refused` for more."""
    start, end = asked.one("start_time"), asked.one("end_time")
    try:
        since_ns = None if start is None else moment(start)
        until_ns = None if end is None else moment(end)
    except ValueError as wrong:
        raise Refused.bad("invalid_parameter", "start_time, end_time") from wrong
    if until_ns is None:
        until_ns = now_ns if since_ns is None else since_ns + WINDOW_NS
    if since_ns is None:
        since_ns = until_ns - WINDOW_NS
    if until_ns - since_ns > WINDOW_NS:
        raise Refused.bad("invalid_parameter", "조회 기간은 최대 7일입니다.")
    return since_ns, until_ns
