"""What an owner may write about Upbit's market data, and how its lines are kept."""

from __future__ import annotations

from karb_core.connection.line_params import LineParams
from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import rule, tech

#: Upbit answers it with `{"status":"UP"}`, and closes a line on which nothing moved for two minutes.
_PING = "PING"
_NEVER_TOLD = 10  # karb: constant because a rate tells nobody that its venue is down: it grows old


class UpbitLineParams(LineParams):
    """Settings of the machine: they change when something is heard, never what is decided."""

    socket: Line = tech(
        "wss://api.upbit.com/websocket/v1",
        "where the stream is",
        ko="스트림 주소",
        example="wss://api.upbit.com/websocket/v1",
    )
    rest: Line = tech(
        "https://api.upbit.com", "where questions are asked", ko="REST 주소", example="https://api.upbit.com"
    )
    ping: PositiveDuration = tech(
        "30s", "how often the venue is told that we are there", ko="연결 유지 신호를 보내는 간격"
    )

    def kept_with(self, down_after: int) -> StreamSettings:
        return self.settings_with(down_after, self.ping, _PING)


class StreamParams(UpbitLineParams):
    """Nothing to write: the pairs say which instruments."""

    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )
    late: Duration = tech(
        "1s",
        "how far the venue's time is past a bar's end when the bar is told",
        ko="봉이 끝난 뒤 확정으로 보기까지의 거래소 시간",
    )
    gap: PositiveDuration = tech(
        "2s",
        "when the venue's time goes on by more at once, bars of that time are asked for by REST",
        ko="거래소 시각이 한 번에 이만큼 넘게 건너뛰면 그 시간의 봉을 REST로 확인",
    )

    def settings(self) -> StreamSettings:
        return self.kept_with(self.down_after)


class UsdtKrwParams(UpbitLineParams):
    """How old the rate may be. Upbit's market does not close."""

    max_age: PositiveDuration = rule(
        "the oldest rate an entry may rest on", ko="진입에 쓸 수 있는 환율의 최대 나이", example="10s", tighter="lower"
    )

    def settings(self) -> StreamSettings:
        return self.kept_with(_NEVER_TOLD)
