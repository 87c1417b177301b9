"""What API 1.x answers when it says no, always with status 200. Source: Bithumb, API 1.x, error codes."""

from __future__ import annotations

from karb_lab.json_text import Json
from karb_lab.korean.refused import Refused

BAD_REQUEST = "5100"
BAD_KEY = "5300"
BAD_PARAMETER = "5500"
OTHER = "5600"
DATABASE = "5400"
UNKNOWN = "5900"
NOTHING_OPEN = "거래 진행중인 내역이 존재하지 않습니다."


class LegacyRefused(Exception):
    """One error answer. Edge: of `OTHER` the message says all there is."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message

    def told(self) -> dict[str, Json]:
        """Shape: `{"status":"5300","message":"Invalid Apikey"}`."""
        return {"status": self.status, "message": self.message}

    @classmethod
    def of(cls, refused: Refused) -> LegacyRefused:
        """An error of the newer API in the words of this one."""
        if refused.name == "invalid_parameter":
            return cls(BAD_PARAMETER, "Invalid Parameter")
        return cls(OTHER, refused.message)

    @classmethod
    def bad(cls) -> LegacyRefused:
        return cls(BAD_PARAMETER, "Invalid Parameter")
