"""Where Binance's spot market data are."""

from __future__ import annotations

from karb_binance.params import LinesParams
from karb_core.rules.names import Line
from karb_core.rules.roles import tech

_OWN = "network"
_HOSTS = {
    "production": ("wss://stream.binance.com:9443", "https://api.binance.com"),
    "demo": ("wss://demo-stream.binance.com", "https://demo-api.binance.com"),
}


class SpotStreamParams(LinesParams):
    """Of spot's hosts."""

    socket: Line = tech(
        _OWN,
        "where the streams are, without a path; `network` for the network's own",
        ko="스트림 주소(경로 제외), `network`이면 그 네트워크의 주소",
        example="wss://stream.binance.com:9443",
    )
    rest: Line = tech(
        _OWN,
        "where questions are asked; `network` for the network's own",
        ko="REST 주소, `network`이면 그 네트워크의 주소",
        example="https://api.binance.com",
    )

    @property
    def socket_address(self) -> str:
        return _HOSTS[self.network][0] if self.socket == _OWN else self.socket

    @property
    def rest_address(self) -> str:
        return _HOSTS[self.network][1] if self.rest == _OWN else self.rest
