"""What an owner may write about Binance's market data, and how its lines are kept."""

from __future__ import annotations

from karb_binance.network import NetworkParams
from karb_core.connection.line_params import LineParams
from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import Duration
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import tech

_OWN = "network"
_HOSTS = {
    "production": ("wss://fstream.binance.com", "https://fapi.binance.com"),
    "demo": ("wss://demo-fstream.binance.com", "https://demo-fapi.binance.com"),
}


class LinesParams(LineParams, NetworkParams):
    """`network` decides what is heard; the rest are settings of the machine."""

    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )
    late: Duration = tech(
        "2s",
        "how far the venue's time is past a bar's end when a bar that was not told is asked for by REST",
        ko="봉이 끝난 뒤 오지 않은 봉을 REST로 묻기까지의 거래소 시간",
    )

    def settings(self) -> StreamSettings:
        """Binance sends the pings, and the socket answers them: nothing is sent of our own."""
        return self.settings_with(self.down_after, self.idle, None)


class StreamParams(LinesParams):
    """Of the futures' hosts."""

    socket: Line = tech(
        _OWN,
        "where the streams are, without a path; `network` for the network's own",
        ko="스트림 주소(경로 제외), `network`이면 그 네트워크의 주소",
        example="wss://fstream.binance.com",
    )
    rest: Line = tech(
        _OWN,
        "where questions are asked; `network` for the network's own",
        ko="REST 주소, `network`이면 그 네트워크의 주소",
        example="https://fapi.binance.com",
    )

    @property
    def socket_address(self) -> str:
        return _HOSTS[self.network][0] if self.socket == _OWN else self.socket

    @property
    def rest_address(self) -> str:
        return _HOSTS[self.network][1] if self.rest == _OWN else self.rest
