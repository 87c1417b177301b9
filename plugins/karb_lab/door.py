"""How `karb run --lab` comes to local venues: started for the run, or reached where they run already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.ports import Clock, LabWanted, LocalVenues
from karb_core.texts.text import Words

_WAIT_S = 10.0  # karb: constant because it bounds a question before anything is placed


class Door:
    """`karb_core.ports.Lab`."""

    @contextmanager
    def started(self, wanted: LabWanted, clock: Callable[[], Clock]) -> Iterator[LocalVenues]:
        try:
            from karb_lab.beside import beside
            from karb_lab.for_files import lab_for, reached
        except ModuleNotFoundError as missing:
            raise needs(missing) from missing
        with beside(clock, lambda ticks: lab_for(wanted, ticks)) as lab:
            yield reached(lab)

    def reached(self, wanted: LabWanted, control: str) -> LocalVenues:
        """Edge: the lab must have been started for these files: their accounts are there, or they are refused."""
        _need_here(control)
        told = _asked(f"{control.rstrip('/')}/keys")
        try:
            keys = {str(name): str(key) for name, key in told["keys"].items()}
            addresses = {str(venue): str(address) for venue, address in told["addresses"].items()}
            found = LocalVenues(str(told["id"]), control, addresses, keys)
        except (KeyError, AttributeError, TypeError):
            raise _no_lab(control) from None
        for address in addresses.values():
            _need_here(address)
        missing = next((account.name for account in wanted.accounts if account.name not in keys), None)
        if missing is not None:
            said = f"the lab at {control} has no account `{missing}`"
            ko = f"{control}의 모의 거래소에 `{missing}` 계좌가 없습니다"
            raise UsageMistake(Words(said, ko), Words("karb lab --for FILE", "karb lab --for FILE로 시작하세요"))
        return found


LAB = Door()


def needs(missing: ModuleNotFoundError) -> PluginUnusable:
    return PluginUnusable(
        Words(f"karb lab needs {missing.name}", f"karb lab에 {missing.name} 패키지가 필요합니다"),
        Words("pip install 'karb[live]'", "pip install 'karb[live]'"),
    )


def _need_here(address: str) -> None:
    """Errors: UsageMistake for an address that is not of this machine."""
    host = urlsplit(address).hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise UsageMistake(
            Words(f"{address} is not on this machine", f"{address}: 이 컴퓨터의 주소가 아닙니다"),
            Words("a lab is at 127.0.0.1", "모의 거래소는 127.0.0.1에 있습니다"),
        )


def _asked(url: str) -> Any:
    try:
        with urlopen(url, timeout=_WAIT_S) as answer:
            return json.load(answer)
    except (URLError, OSError, ValueError):
        raise _no_lab(url) from None


def _no_lab(url: str) -> UsageMistake:
    return UsageMistake(
        Words(f"no lab answers at {url}", f"{url}에 모의 거래소가 없습니다"),
        Words("start one: karb lab --for FILE", "karb lab --for FILE로 시작하세요"),
    )
