"""What the owner may set of the server, in `settings.yaml` of its folder. Nothing here is a trading rule."""

from __future__ import annotations

from karb_core.rules.choices import Granted, Listed
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import grant, tech


class ServeSettings(Params):
    """Name and colour of the page, who may ask, and how often."""

    name: Line = tech("karb", "what stands on top of the page", ko="화면 위에 쓸 이름", example="my desk")
    colour: Line = tech("#2563eb", "the colour of buttons and lines", ko="버튼과 선의 색", example="#0d9488")
    hosts: Listed[Line] = tech(
        (),
        "names by which it is reached beside this machine's own",
        ko="접속에 쓰는 다른 호스트 이름",
        example="[desk.example]",
    )
    origins: Listed[Line] = tech(
        (),
        "pages elsewhere that may ask from a browser (CORS)",
        ko="다른 곳의 페이지 주소 (CORS)",
        example="[https://a.example]",
    )
    behind_proxy: Granted = grant(
        "a proxy on this machine tells who asks, and speaks TLS",
        ko="이 컴퓨터의 프록시가 접속자를 알려 주고 TLS를 맡음",
    )
    asks_per_second: PositiveCount = tech(
        100, "how often one caller may ask in a second", ko="한 사용자의 초당 요청 수", example="100"
    )
    rows: PositiveCount = tech(
        200, "how many of the latest rows are kept to be shown", ko="보여 줄 최근 행의 수", example="200"
    )
