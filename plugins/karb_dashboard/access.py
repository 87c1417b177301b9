"""Who may look, and who may steer: a token for all, and a word or a one-time code beside it for whatever is told a desk.

All of it lies in files of the server's own folder that nobody else may read. There is no default for any of it: the first
start draws them, and the owner may write others.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.errors import UsageMistake
from karb_core.texts.text import Words

_BYTES = 32  # karb: constant because 256 bits cannot be guessed
_WORD_BYTES = 5  # karb: constant because so many bits with few tries cannot be guessed, and can be typed
_LEAST_TOKEN = 20  # karb: constant because what is shorter can be guessed
_LEAST_WORD = 4  # karb: constant because what is shorter is guessed within the tries that are allowed
_LASTS_S = 30 * 24 * 3600  # karb: constant because it says how long a phone stays signed in
_PRIVATE = 0o600  # karb: constant because only its owner may read and write the file
_OTHERS = 0o077  # karb: constant because these are the rights of everybody else
_FOLDER = 0o700  # karb: constant because only its owner may look into the folder


@dataclass(slots=True)
class Access:
    """`token` opens; `word` steers, or `code` where its secret is there (then the word does nothing)."""

    folder: Path
    token: str = field(repr=False)
    word: str = field(repr=False)
    code: str | None = field(repr=False)
    _used: int | None = field(init=False, default=None)

    @classmethod
    def of(cls, folder: Path) -> Access:
        """Drawn where they are not there yet. Errors: UsageMistake for files that others can read, or that say nothing."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if sys.platform != "win32":
                folder.chmod(_FOLDER)
            token = _kept(folder / "token", secrets.token_urlsafe(_BYTES), _LEAST_TOKEN)
            word = _kept(folder / "word", secrets.token_hex(_WORD_BYTES), _LEAST_WORD)
            code = folder / "code"
            return cls(folder, token, word, _kept(code, "", _LEAST_TOKEN // 2) if code.exists() else None)
        except OSError as e:
            raise UsageMistake(
                Words(
                    f"{folder} cannot be used: {e.strerror or e}", f"{folder} 폴더를 쓸 수 없습니다: {e.strerror or e}"
                ),
                Words(
                    "it keeps the token; set KARB_HOME to a folder of yours",
                    "토큰을 두는 곳입니다. KARB_HOME을 당신의 폴더로 정하세요",
                ),
            ) from e

    @property
    def second(self) -> str:
        """What is asked for beside the token: `word` or `code`."""
        return "word" if self.code is None else "code"

    def opens(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def session(self, now_s: int) -> str:
        """What a browser keeps in the token's place: worth nothing after its time, or once the token is another."""
        until = now_s + _LASTS_S
        return f"{until}.{self._signed(until)}"

    def knows(self, session: str, now_s: int) -> bool:
        until, _, signed = session.partition(".")
        if not until.isascii() or not until.isdigit() or len(until) > len(str(now_s)) + 1:
            return False
        return hmac.compare_digest(signed.encode(), self._signed(int(until)).encode()) and now_s < int(until)

    def steers(self, given: str, now_s: int) -> bool:
        """Whether what was typed is the second factor. A one-time code counts once."""
        if self.code is None:
            return hmac.compare_digest(given.strip().casefold().encode(), self.word.casefold().encode())
        from karb_dashboard.one_time import matching

        step = matching(self.code, given.strip(), now_s)
        if step is None or (self._used is not None and step <= self._used):
            return False
        self._used = step
        return True

    def _signed(self, until: int) -> str:
        return hmac.new(self.token.encode(), f"session {until}".encode(), hashlib.sha256).hexdigest()


def _kept(path: Path, drawn: str, least: int) -> str:
    """What the file says, drawn now where there is none."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w", encoding="utf-8") as file:
            file.write(f"{drawn}\n")
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        raise UsageMistake(
            Words(f"others can read {path}", f"{path}: 다른 사용자도 읽을 수 있습니다"),
            Words(f"chmod 600 {path}", f"chmod 600 {path}"),
        )
    told = path.read_text("utf-8").strip()
    if len(told) < least or "\n" in told:
        raise UsageMistake(
            Words(f"{path} says nothing that could be used", f"{path}: 쓸 수 있는 내용이 없습니다"),
            Words(
                f"write one line of at least {least} characters, or delete the file",
                f"{least}자 이상 한 줄을 쓰거나 파일을 지우세요",
            ),
        )
    return told
