"""A mail server, by Python's own smtplib, in a thread of its own, for it blocks."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from karb_alerts.answered import Unclear
from karb_alerts.beside import Beside
from karb_alerts.mail import EmailParams
from karb_core.ports import NeverTold, Notice, NotTold
from karb_core.ports.notice_words import words_of

_ANSWER_S = 6.0  # karb: constant because it bounds how long one word of the server is waited for
_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
# karb: constant because RFC 5321 names them: done, refused, refused for good
_OK, _NO, _FOR_GOOD = 250, range(400, 600), range(550, 560)


class MailChannel:
    """`login`: USER:PASSWORD. Whoever reads the mail sees it once: `Message-ID` is the notice's number."""

    def __init__(self, params: EmailParams, login: str, lang: str, tells: Callable[[Notice], bool]) -> None:
        self.tells = tells
        self._params = params
        self._user, _, self._password = login.partition(":")
        self._lang = lang
        self._beside = Beside("mail")

    async def notify(self, notice: Notice) -> None:
        message = message_of(notice, self._params.sender, self._params.to, self._lang)
        await self._beside.does(lambda: self._send(message))

    async def close(self) -> None:
        """A thread that hangs ends with the process."""

    def _send(self, message: EmailMessage) -> None:
        """Until the message itself is handed over nothing can have arrived. No error has a word of the login."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as e:
            raise _refused(e) from None
        try:
            try:
                self._addressed(server)
            except (OSError, smtplib.SMTPException) as e:
                raise _refused(e) from None
            _handed_over(server, message)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        params = self._params
        if params.security == "tls":
            return smtplib.SMTP_SSL(params.server, params.port, timeout=_ANSWER_S, context=ssl.create_default_context())
        return smtplib.SMTP(params.server, params.port, timeout=_ANSWER_S)

    def _addressed(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._params.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        server.login(self._user, self._password)
        for code, _ in (server.mail(self._params.sender), server.rcpt(self._params.to)):
            if code not in (_OK, _OK + 1):
                raise _Said(code)


class _Said(smtplib.SMTPException):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.smtp_code = code


def message_of(notice: Notice, sender: str, to: str, lang: str) -> EmailMessage:
    words = words_of(notice, lang)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{words.headline} {words.mark}".strip()
    message["From"], message["To"] = sender, to
    message["Date"] = formatdate(notice.at_ns / _NS)
    message["Message-ID"] = f"<{notice.number}@karb.invalid>" if notice.kept else make_msgid(domain="karb.invalid")
    message.set_content(words.whole)
    return message


def _handed_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        code, _ = server.data(message.as_bytes())
    except smtplib.SMTPDataError as e:  # it would not begin: nothing of the message was sent
        raise _refused(e) from None
    except (OSError, smtplib.SMTPException) as e:
        raise Unclear(f"no answer of the mail server: {type(e).__name__}") from None
    if code in _NO:
        raise _refused(_Said(code))
    if code != _OK:
        raise Unclear("the mail server's answer is none of SMTP's")


def _refused(error: Exception) -> Exception:
    code = getattr(error, "smtp_code", None)
    if isinstance(code, int) and code in _FOR_GOOD:
        return NeverTold(f"the mail server answered {code}")
    what = type(error).__name__ if code is None else f"it answered {code}"
    return NotTold(f"nothing was handed to the mail server: {what}")
