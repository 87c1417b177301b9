"""What every notifier keeps, kept by the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import io
from typing import Any, ClassVar

from karb_alerts.console import Console
from karb_core.ports import Notice
from karb_core.testing.notifier_contract import NotifierContract


class TestConsole(NotifierContract):
    component = Console
    params = "{tell: [entry, halt], language: en}"
    vary: ClassVar[dict[str, str]] = {"tell": "[exit, halt]"}
    unshown: ClassVar[dict[str, str]] = {"language": "the words change, and which of them are told does not"}

    def told(self, component: Any, notice: Notice) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            asyncio.run(component.notify(notice))
        return out.getvalue()
