"""Keys that were planted are found nowhere: not in what is said, written, told, raised, nor in the list of processes."""

from __future__ import annotations

import asyncio
import base64
import logging
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from karb_core.errors import StrategyInvalid
from karb_core.ports import NoticeKind
from karb_core.texts.text import Said, Words, render
from karb_core.wiring.hiding import Hiding
from karb_core.wiring.keystore import KeyStore
from tests.house.conftest import folder
from tests.house.process import LEDGER, Karb, asked, write
from tests.plugin.conftest import site
from tests.telling.outside import LOGIN, notice, opened, serving
from tests.telling.services_here import Service, discord, mail_server, over_http, slack
from tests.telling.telegram_here import TOKEN, Telegram, telegram_here
from tests.telling.test_steered import CONSOLE, WARM, moved

__all__ = ["folder", "site"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PATH = "/api/webhooks/1200/planted-webhook-token"
ACCOUNT = "planted-access-key:planted-secret-key"
PLANTED = [TOKEN, TOKEN.split(":")[1], PATH.rpartition("/")[2], *LOGIN.split(":")[1:], *ACCOUNT.split(":")]
FORMS = [form for p in PLANTED for form in (p, base64.b64encode(p.encode()).decode().rstrip("="))]


def need_nowhere(where: str, told: bytes) -> None:
    for form in FORMS:
        assert form.encode() not in told, f"{form} stands in {where}"


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "site" not in path.parts)


def test_a_house_with_everything_on_tells_shows_and_keeps_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Services that fail, a ledger, a journal, a kill, another terminal, and a look into the process."""
    store = KeyStore.here()
    monkeypatch.setenv("KARB_DEBUG", "1")
    moved(folder, "calm")
    said: list[str] = []

    async def body() -> None:
        chat, mail = Service(["gone", "broken", "garbage"]), Service(["broken"])
        hook, slacks = Service(["broken", "lost"]), Service(["late"])
        async with (
            telegram_here(Telegram(["broken", "ok", "gone"])) as phone, over_http(chat, discord, PATH),
            over_http(slacks, slack, PATH), over_http(hook, slack, PATH), mail_server(mail, LOGIN),
        ):  # fmt: skip
            values = {
                "telegram": TOKEN,
                "discord": chat.address,
                "slack": slacks.address,
                "hook": hook.address,
                "mail": LOGIN,
            }
            for name, value in {**values, "upbit": ACCOUNT, "binance": ACCOUNT}.items():
                store.put(name, value, "2026-11-22")
            for venue in ("UPBIT", "BINANCE"):
                monkeypatch.delenv(f"KARB_SECRET_{venue}")
            file = write(folder, (CONSOLE, CONSOLE + everything(phone.address, mail.port)))
            with Karb(folder, file) as karb:
                await asyncio.to_thread(karb.heard, WARM)
                moved(folder, "high")
                await phone.heard("Entered")
                for path in (f"/proc/{karb.made.pid}/cmdline", f"/proc/{karb.made.pid}/environ"):
                    need_nowhere(path, Path(path).read_bytes())
                phone.writes("/stop", int(time.time()))
                await phone.heard("Emergency stop")
                while (
                    len(mail.arrived) < 2 or len(chat.arrived) < 2 or len(hook.arrived) < 2 or len(slacks.arrived) < 2
                ):
                    await asyncio.sleep(0.05)
                karb.signalled(signal.SIGTERM)
                _, rest = await asyncio.to_thread(karb.ended)
            said.extend([*karb.lines, *rest])
            for service in (chat, mail, hook, slacks):
                need_nowhere("a notice", "\n".join(service.arrived).encode())
            need_nowhere("an answer of the bot's", "\n".join(phone.arrived).encode())
        for command in (["status"], ["why"], ["ledger", "check"], ["ledger", "export", "--to", "rows"]):
            made = asked(folder, *command, *(["--ledger", LEDGER]))
            said.append(made.stdout + made.stderr)
        for command in (["keys", "list"], ["keys", "check", file], ["check", file], ["plan", file], ["doctor", file]):
            made = asked(folder, *command)
            said.append(made.stdout + made.stderr)

    asyncio.run(body())
    need_nowhere("what was said", "\n".join(said).encode())
    looked_at = 0
    for path in files(folder):
        need_nowhere(str(path), path.read_bytes())
        looked_at += 1
    assert looked_at > 10
    assert (folder / "rows" / "tellings.csv").exists()


def everything(telegram: str, port: int) -> str:
    tell = "tell: [entry, exit, refusal, halt], language: en"
    return "\n".join([
        "",
        f"  - {{use: telegram.bot, with: {{token: secret:telegram, owners: [9000000111], {tell}, address: '{telegram}'}}}}",
        f"  - {{use: alerts.discord, with: {{webhook: secret:discord, {tell}}}}}",
        f"  - {{use: alerts.slack, with: {{webhook: secret:slack, {tell}}}}}",
        f"  - {{use: alerts.webhook, with: {{webhook: secret:hook, {tell}}}}}",
        f"  - {{use: alerts.email, with: {{server: 127.0.0.1, port: {port}, security: none, login: secret:mail, "
        f"sender: karb@example.com, to: me@example.com, {tell}}}}}",
    ])  # fmt: skip


@pytest.mark.parametrize("does", ["broken", "lost", "garbage", "gone", "late"])
@pytest.mark.parametrize("kind", ["discord", "slack", "webhook", "email"])
def test_no_error_of_a_channel_and_no_log_below_it_has_the_secret(
    kind: str, does: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also at the level of DEBUG, and with every cause of the error shown."""
    service = Service([does] * 2)  # type: ignore[list-item]
    caplog.set_level(logging.DEBUG)
    raised: list[str] = []

    async def body() -> None:
        async with serving(kind, service):
            channel = opened(kind, service)
            try:
                await channel.notify(notice(NoticeKind.HALT, 1))
            except Exception as e:  # noqa: BLE001
                raised.append("".join(traceback.format_exception(e)) + repr(e) + repr(vars(e)))
            await channel.close()  # type: ignore[attr-defined]

    asyncio.run(body())
    for told in (*raised, caplog.text):
        for secret in ("very-secret-token", LOGIN.split(":")[1]):
            assert secret not in told
            assert base64.b64encode(f"\0me\0{secret}".encode()).decode() not in told


def test_a_service_that_cannot_be_reached_is_told_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service = Service()
    service.address = "http://127.0.0.1:1/hook/very-secret-token"

    async def body() -> None:
        for kind in ("discord", "slack", "webhook"):
            channel = opened(kind, service)
            with pytest.raises(Exception, match="could not be reached") as refused:
                await channel.notify(notice(NoticeKind.HALT, 1))
            assert "very-secret-token" not in "".join(traceback.format_exception(refused.value))
            await channel.close()  # type: ignore[attr-defined]

    asyncio.run(body())
    assert "very-secret-token" not in caplog.text


@pytest.mark.parametrize(
    "value", ["http://discord.com/api/webhooks/1/very-secret-token", "very-secret-token", "https://"]
)
def test_what_is_no_address_is_refused_without_being_shown(value: str) -> None:
    service = Service()
    service.address = value
    with pytest.raises(StrategyInvalid) as refused:
        opened("discord", service)
    assert "very-secret" not in "".join(traceback.format_exception(refused.value))


def test_what_a_stranger_says_of_itself_is_hidden_before_it_is_shown() -> None:
    said: list[Said] = []
    hiding = Hiding(lambda _: ACCOUNT, said.append)
    hiding.value(None)  # type: ignore[arg-type]
    hiding.says(Words("KeyError: 'planted-secret-key' at venue", "planted-access-key"))
    assert [render(said[0], lang) for lang in ("en", "ko")] == ["KeyError: '***' at venue", "***"]
