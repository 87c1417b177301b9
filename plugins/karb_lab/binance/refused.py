"""What Binance answers when it says no. Source: Binance's page of error codes, USD-M futures."""

from __future__ import annotations

from http import HTTPStatus

from karb_lab.json_text import Json, written


class BinanceRefused(Exception):
    """One error answer. `wait_s`: what `Retry-After` says, None where it is not sent; `data`: what it says beside."""

    def __init__(self, code: int, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(f"{status.value} {code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.wait_s: int | None = None
        self.data: Json = None

    def body(self) -> str:
        """Shape: `{"code":-2019,"msg":"Margin is insufficient."}`."""
        told: dict[str, Json] = {"code": self.code, "msg": self.message}
        return written(told if self.data is None else {**told, "data": self.data})

    @classmethod
    def missing(cls, name: str) -> BinanceRefused:
        return cls(
            -1102,  # karb: constant because it is Binance's code
            f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
        )

    @classmethod
    def bad(cls, name: str) -> BinanceRefused:
        # karb: constant because it is Binance's code
        return cls(-1130, f"Data sent for parameter '{name}' is not valid.")

    @classmethod
    def no_symbol(cls) -> BinanceRefused:
        return cls(-1121, "Invalid symbol.")  # karb: constant because it is Binance's code

    @classmethod
    def no_order(cls) -> BinanceRefused:
        return cls(-2013, "Order does not exist.")  # karb: constant because it is Binance's code

    @classmethod
    def no_cancel(cls) -> BinanceRefused:
        return cls(-2011, "Unknown order sent.")  # karb: constant because it is Binance's code

    @classmethod
    def bad_key(cls, code: int, message: str) -> BinanceRefused:
        return cls(code, message, HTTPStatus.UNAUTHORIZED)

    @classmethod
    def unavailable(cls) -> BinanceRefused:
        """Nothing was carried out."""
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        return cls(-1008, "Service Unavailable.", unavailable)  # karb: constant because it is Binance's code

    @classmethod
    def not_here(cls, what: str) -> BinanceRefused:
        """Something that Binance does and the lab cannot."""
        return cls(-4400, f"{what}: not at this venue")  # karb: constant because it is Binance's code of a restriction
