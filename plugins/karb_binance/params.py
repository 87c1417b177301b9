"""What an owner may write about Binance's market data, and how its lines are kept."""

from __future__ import annotations

from datetime import timedelta

from karb_binance.network import NetworkParams
from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import tech

_US = timedelta(microseconds=1)
_OWN = "network"
_HOSTS = {
    "production": ("wss://fstream.binance.com", "https://fapi.binance.com"),
    "demo": ("wss://demo-fstream.binance.com", "https://demo-fapi.binance.com"),
}


class StreamParams(NetworkParams):
    """`network` decides what is heard; the rest are settings of the machine."""

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
    idle: PositiveDuration = tech(
        "60s", "without any message for so long, the line is opened anew", ko="이 시간 동안 메시지가 없으면 다시 연결"
    )
    stall: PositiveDuration = tech(
        "60s", "when the venue's own time, or one market, stands still for so long, the line is opened anew",
        ko="거래소 시각이나 한 시장이 이 시간 동안 멈춰 있으면 다시 연결",
    )  # fmt: skip
    back_off: PositiveDuration = tech(
        "1s", "the first wait after a line broke; it doubles", ko="끊긴 뒤 첫 대기, 매번 두 배"
    )
    back_off_cap: PositiveDuration = tech("5s", "the longest such wait", ko="재연결 대기의 상한")
    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )
    open_within: PositiveDuration = tech(
        "5s", "how long one attempt to connect may take", ko="연결 시도 한 번의 제한 시간"
    )
    late: Duration = tech(
        "2s",
        "how far the venue's time is past a bar's end when a bar that was not told is asked for by REST",
        ko="봉이 끝난 뒤 오지 않은 봉을 REST로 묻기까지의 거래소 시간",
    )

    def settings(self) -> StreamSettings:
        """Binance sends the pings, and the socket answers them: nothing is sent of our own."""
        return StreamSettings(
            idle=self.idle,
            stall=self.stall,
            back_off=self.back_off,
            back_off_cap=self.back_off_cap,
            down_after=self.down_after,
            open_within=self.open_within,
            ping=self.idle,
            ping_text=None,
        )

    @property
    def socket_address(self) -> str:
        return _HOSTS[self.network][0] if self.socket == _OWN else self.socket

    @property
    def rest_address(self) -> str:
        return _HOSTS[self.network][1] if self.rest == _OWN else self.rest


def nanoseconds(length: timedelta) -> int:
    return length // _US * 1000
