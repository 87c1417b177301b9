"""What keys are usually called in a `.env`, and by which names karb keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

#: By the secret's name: its one name, or its two halves.
USUAL: dict[str, tuple[tuple[str, ...], ...]] = {
    "upbit": (("UPBIT_ACCESS_KEY", "UPBIT_SECRET_KEY"), ("UPBIT_OPEN_API_ACCESS_KEY", "UPBIT_OPEN_API_SECRET_KEY")),
    "bithumb": (("BITHUMB_ACCESS_KEY", "BITHUMB_SECRET_KEY"), ("BITHUMB_API_KEY", "BITHUMB_SECRET_KEY")),
    "binance": (
        ("BINANCE_API_KEY", "BINANCE_API_SECRET"),
        ("BINANCE_API_KEY", "BINANCE_SECRET_KEY"),
        ("BINANCE_ACCESS_KEY", "BINANCE_SECRET_KEY"),
    ),
    "discord": (("DISCORD_WEBHOOK_URL",), ("DISCORD_WEBHOOK",)),
    "slack": (("SLACK_WEBHOOK_URL",), ("SLACK_WEBHOOK",)),
    "telegram": (("TELEGRAM_BOT_TOKEN",), ("TELEGRAM_TOKEN",)),
}
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_PREFIX = "KARB_SECRET_"


def read_env(text: str) -> dict[str, str]:
    """`NAME=value` a line; `export` before it, quotes around the value and a comment behind ` #` are taken off."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and not line.lstrip().startswith("#"):
            found[match[1]] = _unquoted(match[2])
    return {name: value for name, value in found.items() if value}


def secrets_in(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name and value of each secret that is whole."""
    for name, ways in USUAL.items():
        for way in ways:
            if all(each in env for each in way):
                yield name, ":".join(env[each] for each in way)
                break
    for variable, value in env.items():
        if variable.startswith(_PREFIX):
            yield variable.removeprefix(_PREFIX).lower().replace("_", "-"), value


def halves(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A half that is there, and one that is missing."""
    whole = {name for name, _ in secrets_in(env)}
    for name, ways in USUAL.items():
        here = [(each, other) for way in ways if name not in whole for each in way for other in way if other != each]
        yield from [(each, other) for each, other in here if each in env and other not in env][:1]


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value
    return re.split(r"\s+#", value)[0].strip()
