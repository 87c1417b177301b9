"""An answer that says no: a word for programs and a sentence for people, and nothing of what was sent."""

from __future__ import annotations

from http import HTTPStatus

from karb_core.texts.text import Words, render

#: By the word for programs: the status, and the sentence.
REFUSALS: dict[str, tuple[HTTPStatus, Words]] = {
    "bad_request": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        Words("what was sent is not what this address takes", "이 주소가 받는 형식이 아닙니다"),
    ),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Words("what was sent is too large", "보낸 내용이 너무 큽니다")),
    "wrong_host": (
        HTTPStatus.MISDIRECTED_REQUEST,
        Words("it is not reached by that name", "이 이름으로는 접속할 수 없습니다"),
    ),
    "wrong_origin": (HTTPStatus.FORBIDDEN, Words("that page may not ask here", "그 페이지에서는 요청할 수 없습니다")),
    "not_signed_in": (HTTPStatus.UNAUTHORIZED, Words("sign in with the token first", "먼저 토큰으로 로그인하세요")),
    "wrong_token": (HTTPStatus.UNAUTHORIZED, Words("that is not the token", "토큰이 맞지 않습니다")),
    "wrong_second": (
        HTTPStatus.FORBIDDEN,
        Words("the word or the code beside the token is wrong", "확인 단어 또는 코드가 맞지 않습니다"),
    ),
    "too_many": (
        HTTPStatus.TOO_MANY_REQUESTS,
        Words("too many requests: wait a little", "요청이 너무 많습니다: 잠시 기다리세요"),
    ),
    "not_found": (HTTPStatus.NOT_FOUND, Words("there is nothing of that name", "그런 이름은 없습니다")),
    "no_method": (
        HTTPStatus.METHOD_NOT_ALLOWED,
        Words("this address does not take that method", "이 주소에서 쓸 수 없는 메서드입니다"),
    ),
    "ledger": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        Words("the ledger cannot be read or written now", "지금 원장을 읽거나 쓸 수 없습니다"),
    ),
    "broken": (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Words("a mistake of karb's own; trading goes on", "karb의 오류입니다. 매매는 계속됩니다"),
    ),
}
_BY_STATUS = {int(status): code for code, (status, _) in reversed(REFUSALS.items())}


def refusal(code: str, lang: str) -> dict[str, object]:
    return {"format_version": 1, "error": {"code": code, "said": render(REFUSALS[code][1], lang)}}


def status_of(code: str) -> int:
    return int(REFUSALS[code][0])


def code_of(status: int) -> str:
    """What a status that the framework chose is called here."""
    return _BY_STATUS.get(status, "bad_request")
