"""What an owner may write about Bithumb's market data, and how its line is kept."""

from __future__ import annotations

from karb_core.connection.line_params import LineParams
from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import tech

#: Bithumb answers it with `{"status":"UP"}`, and closes a line on which nothing moved for two minutes.
_PING = "PING"


class StreamParams(LineParams):
    """Nothing to write: the pairs say which instruments."""

    socket: Line = tech(
        "wss://ws-api.bithumb.com/websocket/v1",
        "where the stream is",
        ko="스트림 주소",
        example="wss://ws-api.bithumb.com/websocket/v1",
    )
    rest: Line = tech(
        "https://api.bithumb.com", "where questions are asked", ko="REST 주소", example="https://api.bithumb.com"
    )
    ping: PositiveDuration = tech(
        "30s", "how often the venue is told that we are there", ko="연결 유지 신호를 보내는 간격"
    )
    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )
    late: Duration = tech(
        "1s",
        "how far the venue's time is past a bar's end when the bar is asked for",
        ko="봉이 끝난 뒤 그 봉을 묻기까지의 거래소 시간",
    )

    def settings(self) -> StreamSettings:
        return self.settings_with(self.down_after, self.ping, _PING)
