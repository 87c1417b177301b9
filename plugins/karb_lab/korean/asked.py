"""What a request asks for: its parameters in the order in which they were sent, as they are hashed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from karb_lab.korean.refused import Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """Names and values as text, decoded, in the order of the request.

    `hashed`: what the client had to hash: `market=KRW-BTC&states[]=done&states[]=cancel`, empty without parameters. `body`: as it came.
    """

    pairs: tuple[tuple[str, str], ...]
    body: str = ""

    @classmethod
    def read(cls, query: str, body: str) -> Asked:
        """Of the raw query, or of the body where there is none: JSON, or a form as some clients send with a GET.

        Numbers of a JSON body keep the digits they were written with. Errors: `Refused` for a body that is not
        an object.
        """
        if query or not body:
            return cls(tuple(_pairs(query)), body)
        if not body.lstrip().startswith("{"):
            return cls(tuple(_pairs(body)), body)
        try:
            told = json.loads(body, parse_float=str, parse_int=str)
        except ValueError as wrong:
            raise Refused.bad("invalid_parameter", "JSON 형식이 올바르지 않습니다.") from wrong
        return cls(tuple(_flat(told)), body)

    @property
    def hashed(self) -> str:
        return "&".join(f"{name}={value}" for name, value in self.pairs)

    def one(self, name: str) -> str | None:
        """The last of that name, None where it was not sent or is empty."""
        return next((value for given, value in reversed(self.pairs) if given == name and value), None)

    def many(self, name: str) -> tuple[str, ...]:
        """Of `name[]=a&name[]=b`, or of `name=a,b`."""
        listed = tuple(value for given, value in self.pairs if given in (f"{name}[]", f"{name}%5B%5D"))
        return listed or tuple(value for given, value in self.pairs if given == name for value in value.split(","))

    def count(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 to `most`. Errors: `Refused` for any other."""
        told = self.one(name)
        if told is None:
            return usual
        if not told.isdecimal() or not 1 <= int(told) <= most:
            raise Refused.bad("invalid_parameter", f"{name}: 1 ~ {most}")
        return int(told)


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        yield unquote(name), unquote(value)


def _flat(told: object) -> Iterator[tuple[str, str]]:
    assert isinstance(told, dict)
    for name, value in told.items():
        if isinstance(value, list):
            yield from ((f"{name}[]", _text(one)) for one in value)
        elif value is not None:
            yield name, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
