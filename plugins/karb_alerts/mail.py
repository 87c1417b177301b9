"""`alerts.email`: over SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from karb_alerts.channels import ConsoleParams, language
from karb_core.errors import StrategyInvalid
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.rules.names import Line, Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_alerts.mail_channel import MailChannel
    from karb_core.ports import Clock, Concern, FileView, Notice, Secrets

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class EmailParams(ConsoleParams):
    """Through which server, from whom, to whom, and what is told."""

    server: Line = wiring("the mail server", ko="메일 서버", example="smtp.gmail.com")
    port: PositiveCount = wiring("its port", ko="서버 포트", example="587")
    security: Literal["starttls", "tls", "none"] = wiring(
        "how the line is made safe; `none` only on this machine",
        ko="연결 보안 방식. `none`은 이 컴퓨터 안에서만",
        example="starttls",
    )
    login: Secret = wiring(
        "the name of the secret USER:PASSWORD", ko="USER:PASSWORD 형식 비밀값의 이름", example="secret:mail"
    )
    sender: Line = wiring("the address it is sent from", ko="보내는 주소", example="me@example.com")
    to: Line = wiring("the address it is sent to", ko="받는 주소", example="me@example.com")


class Email:
    """Tells by e-mail."""

    name: ClassVar[str] = "email"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    about: ClassVar[Words] = Words("Tells by e-mail, over SMTP.", "이메일(SMTP)로 알립니다.")
    Params = EmailParams

    def __init__(self, params: EmailParams) -> None:
        self._params = params
        self._tell = frozenset(params.tell)

    @classmethod
    def review(cls, params: EmailParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    def open_channel(self, secrets: Secrets, clock: Clock) -> MailChannel:  # noqa: ARG002 - it needs no time
        from karb_alerts.mail_channel import MailChannel

        params = self._params
        if params.security == "none" and params.server not in _LOOPBACK:
            raise StrategyInvalid(
                Words(
                    f"security `none` would send the password in the open to {params.server}: write starttls or tls",
                    f"security `none`이면 {params.server}(으)로 비밀번호가 그대로 나갑니다. starttls나 tls로 쓰세요",
                )
            )
        return MailChannel(params, secrets(params.login), language(params.language), self.tells)
