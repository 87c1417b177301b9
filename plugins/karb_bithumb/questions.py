"""How Bithumb's public REST says no. No answer of its says what is left of its limits."""

from __future__ import annotations

from karb_bithumb.codes import VENUE
from karb_bithumb.wire import SeenErrorBody
from karb_core.connection.questions import Manner
from karb_core.connection.request import Answer
from karb_core.connection.typed_body import Unreadable, read


def _refusal(body: bytes) -> str | None:
    try:
        no = read(body, SeenErrorBody).error
    except Unreadable:
        return None
    return f"{no.name}: {no.message}"


def _held_s(answer: Answer) -> float:  # noqa: ARG001 - as every venue is asked
    return 0.0


MANNER = Manner(VENUE, _refusal, _held_s)
