"""What callers of the API may send, and within which bounds: whatever is longer is refused before anybody reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body, Path, Query
from fastapi.security import APIKeyCookie, HTTPBearer

COOKIE = "karb_session"
BEARER = HTTPBearer(auto_error=False, description="the token of `serve/token`")
SESSION = APIKeyCookie(name=COOKIE, auto_error=False, description="what `POST /api/session` gives a browser")
USUAL = 100  # karb: constant because it bounds what one answer has where nobody says how much
_MOST = 500  # karb: constant because it bounds what one answer has
_NAME = 64  # karb: constant because no name is longer
_REASON = 200  # karb: constant because a reason is one line
_SECRET = 200  # karb: constant because no secret of ours is longer
_SAYS = r"\S"

Most = Annotated[int, Query(ge=1, le=_MOST, description="at most so many, the newest first")]
Pair = Annotated[str | None, Query(max_length=_NAME, description="only of this pair")]
Kind = Annotated[str | None, Query(max_length=_NAME, description="only of this kind")]
Symbol = Annotated[str, Path(max_length=_NAME, description="the pair's name")]
Token = Annotated[str, Body(embed=True, max_length=_SECRET, pattern=_SAYS, description="the token of `serve/token`")]
Because = Annotated[str, Body(max_length=_REASON, pattern=_SAYS, description="why, in your words; kept with it")]
Second = Annotated[
    str, Body(max_length=_SECRET, pattern=_SAYS, description="the word of `serve/word`, or the one-time code")
]
OfStrategy = Annotated[str | None, Body(max_length=_NAME, description="only this one; default: all of the house")]
Strength = Annotated[Literal["no-entries", "reduce-only", "flatten"], Body()]
