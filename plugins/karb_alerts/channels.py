"""What an owner may write about any channel: what it tells, and in which language."""

from __future__ import annotations

import os

from karb_core.rules.names import Secret
from karb_core.rules.roles import wiring
from karb_core.rules.told import TellParams


class ConsoleParams(TellParams):
    """What is told."""


class UrlParams(ConsoleParams):
    """Where, and what is told."""

    webhook: Secret = wiring("the name of the webhook's secret", ko="웹훅 비밀값의 이름", example="secret:discord")


def language(written: str | None) -> str:
    """As it is written, else as this machine speaks: `ko` or `en`."""
    if written is not None:
        return written
    told = next((os.environ[n] for n in ("KARB_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return "ko" if told.lower().startswith("ko") else "en"
