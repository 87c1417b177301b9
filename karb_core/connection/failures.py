"""How a request can end without what was asked for, sorted by what the caller may conclude."""

from __future__ import annotations

_WAIT_AND_ASK = 429  # karb: constant because RFC 6585 names it: too many requests, ask later


class Unanswered(Exception):
    """Nothing that could be read came back. `why` carries no header and no body of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NothingSent(Unanswered):
    """Proven: no byte of the request left, so the venue cannot act on it."""


class NoAnswer(Unanswered):
    """The request may have arrived, and may have been carried out."""


class VenueRejected(Exception):
    """The venue said no: its own code and words, unchanged."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message} (HTTP {status})")
        self.status = status
        self.code = code
        self.message = message

    @property
    def passes(self) -> bool:
        """Whether the same question may be answered a little later."""
        return self.status == _WAIT_AND_ASK
