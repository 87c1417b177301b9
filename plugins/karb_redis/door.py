"""What `redis://` and `rediss://` open: imported where a command line names such an address."""

from __future__ import annotations

from urllib.parse import urlsplit

from karb_core.errors import KeysUnusable, SecretUnset, UsageMistake
from karb_core.ports import Secrets
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Words
from karb_redis.store import RedisHalts

_PASSWORD = "redis"


class Door:
    """Shape: `redis://127.0.0.1:6379/0`, `rediss://karb@redis.example:6380`; the password is `secret:redis`, where it has one."""

    def open_halts(self, address: str, secrets: Secrets) -> RedisHalts:
        try:
            parts = urlsplit(address)
            good = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:
            parts, good = urlsplit(""), False
        if not good:
            raise UsageMistake(
                Words("this is no address of a Redis", "Redis 주소가 아닙니다"),
                Words("write redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0처럼 쓰세요"),
            )
        if parts.password is not None:
            raise UsageMistake(
                Words("the address has a password in it, which every process list shows", "주소에 비밀번호가 있어 프로세스 목록에 그대로 보입니다"),
                Words("karb keys add redis, and leave it out of the address", "karb keys add redis로 저장하고 주소에서는 빼세요"),
            )  # fmt: skip
        return RedisHalts(address, _password(secrets))


def _password(secrets: Secrets) -> str | None:
    try:
        return secrets(SecretName(_PASSWORD))
    except KeysUnusable:
        raise
    except SecretUnset:
        return None


DOOR = Door()
