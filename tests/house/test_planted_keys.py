"""Keys of a live run at local venues are found nowhere: what it says and raises, its ledger, its dumps, lists of processes."""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.wiring.hiding import Hiding
from karb_core.wiring.keystore import KeyStore
from tests.cli.run import ours, started
from tests.house.conftest import folder
from tests.house.lab_stage import FAR, NEAR, LabStage, lab_stage
from tests.house.process import asked
from tests.house.stage import LIVE, paper_text
from tests.plugin.conftest import site

__all__ = ["folder", "site"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

#: The owner's own, in his keystore: a rehearsal has no use for them.
OWNERS = {"upbit": "planted-access-one:planted-secret-one", "binance": "planted-access-two:planted-secret-two"}


def forms(keys: Iterable[str]) -> list[str]:
    """Each part as it is, and as it would stand in a header."""
    parts = [part for key in keys for part in key.split(":")]
    return [form for part in parts for form in (part, base64.b64encode(part.encode()).decode().rstrip("="))]


def need_nowhere(planted: Iterable[str], where: str, told: bytes) -> None:
    for form in planted:
        assert form.encode() not in told, f"{form} stands in {where}"


def processes() -> Iterator[tuple[str, bytes]]:
    """What anybody on this machine reads of everything that runs."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield str(path), path.read_bytes()
        except OSError:
            continue  # it has ended meanwhile


def used_at(stage: LabStage) -> list[str]:
    """The keys that the run signs with."""
    accounts = [account for venue in stage.lab.venues.values() for account in venue.accounts.values()]
    return [f"{account.key}:{account.secret}" for account in accounts]


def through_errors(stage: LabStage) -> None:
    """Answers of every wrong kind while it enters on both legs."""
    for venue, path in ((NEAR, "/v1/orders"), (FAR, "/fapi/v1/order")):
        for kind in ("server_error", "cut_answer", "lost_request"):
            stage.fault(venue, kind, times=1, method="GET")
        stage.fault(venue, "reject", times=1, method="POST", path=path)
    stage.premium("0.027")
    stage.until_bars_close(stage.fills)


def test_a_live_run_shows_its_keys_and_its_owners_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        **ours(tmp_path),
        "KARB_DEBUG": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONASYNCIODEBUG": "1",
    }.items():
        monkeypatch.setenv(name, value)
    store = KeyStore.here()
    for name, value in OWNERS.items():
        store.put(name, value, "2026-11-22")
    said: list[str] = []
    with lab_stage(tmp_path) as stage:
        planted = forms([*OWNERS.values(), *used_at(stage)])
        assert len(planted) >= 16, "two of the owner's and two that are used, each of two parts in two forms"
        with stage.run().warm() as life:
            through_errors(stage)
            need_nowhere(planted, "its environment", Path(f"/proc/{life.made.pid}/environ").read_bytes())
            for where, told in processes():
                need_nowhere(planted, where, told)
            life.made.send_signal(signal.SIGABRT)
            life.made.wait(60)
        said += life.lines
        assert any("Fatal Python error: Aborted" in line for line in life.lines), "a dump of every thread"
        for command in (["status"], ["positions"], ["ledger", "check"], ["ledger", "export", "--to", "rows"]):
            said.append(answered(tmp_path, *command, "--ledger", stage.ledger))
        said += [answered(tmp_path, *command, stage.file) for command in (["doctor"], ["plan"], ["keys", "check"])]
    need_nowhere(planted, "what was said", "\n".join(said).encode())
    looked = [path for path in tmp_path.rglob("*") if path.is_file()]
    for path in looked:
        need_nowhere(planted, str(path), path.read_bytes())
    names = {path.name for path in looked}
    assert {"lab.sqlite", "orders.csv"} <= names, names
    assert any("journal" in path.parts for path in looked), names


def answered(folder: Path, *command: str) -> str:
    with started(list(command), folder, subprocess.STDOUT) as done:
        assert done.stdout is not None
        return done.stdout.read().decode()


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_report_of_what_nobody_expected_has_no_key_of_the_run(
    debug: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An executor of somebody else's breaks at the start, and says its key in two errors."""
    for venue in ("UPBIT", "BINANCE"):
        monkeypatch.setenv(f"KARB_SECRET_{venue}", "broken:planted-secret-one")
    monkeypatch.setenv("KARB_DEBUG", debug)
    (folder / "walker.yaml").write_text(paper_text(*LIVE), "utf-8")
    asked(folder, "lock", "walker.yaml", "--because", "tried")
    done = asked(folder, "run", "walker.yaml", "--ledger", "karb.ledger")
    assert done.returncode == 1, done.stderr
    assert "*** opens nothing" in done.stderr
    assert ("Traceback" in done.stderr) is bool(debug)
    need_nowhere(forms(["planted-secret-one"]), "the report", (done.stdout + done.stderr).encode())


def test_what_an_error_came_from_is_hidden_too() -> None:
    hiding = Hiding(lambda _: "", lambda _: None)
    hiding.knows("planted-access-one:planted-secret-one")
    first = KeyError("planted-secret-one")
    second = RuntimeError("planted-access-one opens nothing", 7)
    second.__context__ = first
    first.__context__ = second
    hiding.hide_in(second)
    assert (second.args, first.args) == (("*** opens nothing", 7), ("***",))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_doctor_says_of_which_key_its_owner_has_to_see_to_it_himself(lang: str, tmp_path: Path) -> None:
    with lab_stage(tmp_path, locked=False) as stage:
        told = answered(tmp_path, "--lang", lang, "doctor", stage.file)
    near, far = (
        next(line for line in told.splitlines() if f"key {use}" in line)
        for use in ("upbit.orders", "binance_usdm.orders")
    )
    by_itself, by_the_venue = {
        "en": ("look there yourself", "one that may withdraw enters nothing"),
        "ko": ("직접 확인하세요", "출금할 수 있는 키로는 진입하지 않습니다"),
    }[lang]
    assert by_itself in near
    assert by_the_venue in far
