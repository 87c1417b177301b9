"""What Upbit and Bithumb answer when they say no. Source: their pages on errors of the REST API."""

from __future__ import annotations

from http import HTTPStatus

from karb_lab.json_text import Json, written


class Refused(Exception):
    """One error answer. `name` is a text, but a number where a quotation is asked for."""

    def __init__(self, status: HTTPStatus, name: str | int, message: str) -> None:
        super().__init__(f"{status.value} {name}: {message}")
        self.status = status
        self.name = name
        self.message = message

    def body(self) -> str:
        """Shape: `{"error":{"name":"order_not_found","message":"..."}}`."""
        return written(self.told())

    def told(self) -> dict[str, Json]:
        return {"error": {"name": self.name, "message": self.message}}

    @classmethod
    def bad(cls, name: str, message: str) -> Refused:
        return cls(HTTPStatus.BAD_REQUEST, name, message)

    @classmethod
    def key(cls, name: str, message: str) -> Refused:
        return cls(HTTPStatus.UNAUTHORIZED, name, message)

    @classmethod
    def no_order(cls) -> Refused:
        return cls(HTTPStatus.NOT_FOUND, "order_not_found", "주문을 찾지 못했습니다.")

    @classmethod
    def no_code(cls) -> Refused:
        return cls(HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.value, "Code not found")

    @classmethod
    def no_quotation(cls, message: str) -> Refused:
        """A quotation was asked for with a parameter that is missing or cannot be read."""
        return cls(HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST.value, message)
