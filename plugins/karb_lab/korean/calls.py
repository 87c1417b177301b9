"""An endpoint: what it takes, what it does, how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from karb_lab.account import Account
from karb_lab.json_text import Json
from karb_lab.korean.asked import Asked


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint: the group it is counted in, whether it needs a key, and what it does."""

    group: str
    private: bool
    does: Callable[[Asked, Account | None, Mapping[str, str]], Json]
    status: HTTPStatus = HTTPStatus.OK


def private(does: Callable[[Account, Asked], Json], group: str, status: HTTPStatus = HTTPStatus.OK) -> Call:
    """An endpoint that needs a key."""

    def call(asked: Asked, account: Account | None, path: Mapping[str, str]) -> Json:  # noqa: ARG001
        assert account is not None
        return does(account, asked)

    return Call(group, True, call, status)
