"""The address of a webhook: the whole of it is a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Words

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """`base`: scheme and host; `target`: path and query. No part of it is ever shown."""

    base: str = field(repr=False)
    target: str = field(repr=False)

    @property
    def whole(self) -> str:
        return self.base + self.target

    @classmethod
    def of_secret(cls, name: str, value: str) -> WebAddress:
        """Errors: StrategyInvalid for what is no address, or one that would carry the secret in the open."""
        try:
            found = urlsplit(value.strip())
            host = found.hostname
        except ValueError:
            host = None
        if not host or not (found.scheme == "https" or (found.scheme == "http" and host in _LOOPBACK)):
            raise StrategyInvalid(
                Words(
                    f"the value of {name} is no address of a webhook: set it to the https:// address as the service shows it",
                    f"{name}의 값이 웹훅 주소가 아닙니다. 서비스가 보여 주는 https:// 주소 그대로 설정하세요",
                )
            )
        query = f"?{found.query}" if found.query else ""
        return cls(f"{found.scheme}://{found.netloc}", f"{found.path or '/'}{query}")
