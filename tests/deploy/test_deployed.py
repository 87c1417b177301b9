"""What puts karb on a server, as far as it can be tried without one: scripts, units, compose, and a ledger's way back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from karb_core.ledger.check import check
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import lived
from tests.cli.shipped import ROOT
from tests.ledger.words import RUN

DEPLOY = ROOT / "deploy"
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts of a Unix")


def tool(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} is installed here: apt-get install {package}")
    return found


def ran(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, **environment}
    return subprocess.run([str(w) for w in words], capture_output=True, encoding="utf-8", check=False, env=told)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_nothing_that_shellcheck_minds(script: Path) -> None:
    done = ran(tool("shellcheck", "shellcheck"), script)
    assert done.returncode == 0, done.stdout
    assert os.access(script, os.X_OK)


def test_the_installer_does_what_it_says_and_nothing_twice() -> None:
    done = ran(tool("bats", "bats"), ROOT / "tests" / "deploy" / "install.bats")
    assert done.returncode == 0, done.stdout + done.stderr


def settings(unit: str) -> dict[str, str]:
    lines = (DEPLOY / "systemd" / unit).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_unit_watches_the_loop_hardens_the_process_and_starts_nothing_that_a_start_cannot_mend() -> None:
    told = settings("karb.service")
    assert (told["Type"], told["WatchdogSec"], told["LimitCORE"]) == ("notify", "60", "0")
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "LockPersonality"):
        assert told[name] == "yes"
    assert (told["ProtectSystem"], told["CapabilityBoundingSet"], told["UMask"]) == ("strict", "", "0077")
    assert told["RestartPreventExitStatus"].split() == ["2", "3", "4", "5"]
    assert told["SuccessExitStatus"] == "130"


def test_compose_names_what_is_there_and_opens_nothing_to_the_world() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert {"desk", "collector", "postgres", "redis", "prometheus", "grafana"} == told["services"].keys()
    for name, service in told["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./") and source != "./strategy":
                assert (DEPLOY / source).exists(), volume
            elif not source.startswith("./"):
                assert source in told["volumes"], volume
        assert "latest" not in service["image"]
        for each in service.get("secrets", []):
            assert (each if isinstance(each, str) else each["source"]) in told["secrets"]
    assert told["services"]["desk"]["cap_drop"] == ["ALL"]


def test_the_image_runs_as_nobody_who_may_do_anything() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    assert lines.index("USER karb") < next(i for i, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), line


@pytest.fixture
def karb(tmp_path: Path) -> str:
    """As it is installed on a server: one program."""
    path = tmp_path / "karb"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m karb_core.cli.main "$@"\n', "utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_backup_of_a_ledger_that_is_written_to_is_whole_and_comes_back(tmp_path: Path, karb: str) -> None:
    tool("sqlite3", "sqlite3")
    home, backups = tmp_path / "home", tmp_path / "backups"
    home.mkdir()
    ledger = open_ledger(home / "ledger.sqlite")
    ledger.begin(RUN, 1).end("done", 2)
    with ledger.writing():
        made = ran(DEPLOY / "backup.sh", home, backups, KARB=karb)
    assert made.returncode == 0, made.stderr
    backup = Path(made.stdout.strip())
    assert backup.stat().st_mode & 0o077 == 0
    ledger.close()
    (home / "ledger.sqlite").write_bytes(b"a disk that went bad")
    back = ran(DEPLOY / "restore.sh", backup, home, KARB=karb)
    assert back.returncode == 0, back.stderr
    restored = open_ledger(home / "ledger.sqlite")
    assert [each.run.id for each in lived(restored)] == [RUN.id]
    assert all(not proved.broken for proved in check(restored))
    restored.close()
    (aside,) = home.glob("ledger.sqlite.before-*")
    assert aside.read_bytes() == b"a disk that went bad"


def test_a_backup_that_cannot_be_proved_replaces_nothing(tmp_path: Path, karb: str) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"mine")
    (tmp_path / "bad.sqlite").write_bytes(b"no ledger at all")
    back = ran(DEPLOY / "restore.sh", tmp_path / "bad.sqlite", tmp_path, KARB=karb)
    assert back.returncode != 0
    assert (tmp_path / "ledger.sqlite").read_bytes() == b"mine"


def test_of_many_backups_the_newest_stay(tmp_path: Path, karb: str) -> None:
    tool("sqlite3", "sqlite3")
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.begin(RUN, 1).end("done", 2)
    ledger.close()
    backups = tmp_path / "backups"
    backups.mkdir()
    for day in range(1, 6):
        (backups / f"ledger-2020010{day}T000000Z.sqlite").write_text("old", "utf-8")
    assert ran(DEPLOY / "backup.sh", tmp_path, backups, "3", KARB=karb).returncode == 0
    kept = sorted(path.name for path in backups.iterdir())
    assert kept[:2] == ["ledger-20200104T000000Z.sqlite", "ledger-20200105T000000Z.sqlite"]
    assert len(kept) == 3
