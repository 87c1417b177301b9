"""`karb keys`: values come in unseen, stand encrypted, and are shown to nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from karb_core.errors import KeysUnusable, SecretUnset
from karb_core.rules.secret import SecretName
from karb_core.wiring.keystore import KeyStore
from karb_core.wiring.secret_values import secret_value
from tests.cli.run import ours
from tests.cli.shipped import ROOT

VALUE = "ACCESS-planted-1:SECRET-planted-2"
OTHER = "another-value-3"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of files")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """KARB_HOME, where nothing is yet; no keyring."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in [n for n in os.environ if n.startswith(("KARB_SECRET", "KARB_MASTER"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "plugins")]))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "karb-home"


def keys(*arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
    made = subprocess.run(
        [sys.executable, "-m", "karb_core.cli.main", "keys", *arguments],
        input=told, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    for part in (VALUE, *VALUE.split(":"), OTHER):
        assert part not in made.stdout + made.stderr
    return made


def private(path: Path) -> bool:
    return path.stat().st_mode & 0o077 == 0


def test_a_secret_is_kept_encrypted_listed_by_its_name_and_removed(here: Path) -> None:
    added = keys("add", "upbit", told=VALUE + "\n")
    assert (added.returncode, added.stderr) == (0, "")
    assert "secret:upbit" in added.stdout
    assert "made a master key (file)" in added.stdout
    assert secret_value(SecretName("upbit")) == VALUE
    assert "planted" not in (here / "keys.json").read_text()
    assert private(here / "keys.json")
    assert private(here / "master.key")
    assert [s["name"] for s in json.loads(keys("list", "--format", "json").stdout)["secrets"]] == ["upbit"]
    assert keys("check").stdout == "upbit: opens\n"
    assert keys("add", "upbit", told=OTHER).returncode == 2
    assert keys("add", "upbit", "--replace", told=OTHER).returncode == 0
    assert secret_value(SecretName("upbit")) == OTHER
    assert keys("remove", "upbit").returncode == 0
    with pytest.raises(SecretUnset, match="the keystore has none"):
        secret_value(SecretName("upbit"))
    assert keys("remove", "upbit").returncode == 2


def test_a_value_is_never_an_argument(here: Path) -> None:
    assert keys("add", "upbit", "x:y").returncode == 2
    assert not here.exists()


@pytest.mark.parametrize("told", ["", "\n", "  \n"])
def test_nothing_given_keeps_nothing(here: Path, told: str) -> None:
    assert keys("add", "upbit", told=told).returncode == 2
    assert not here.exists()


def test_rotating_opens_all_of_it_with_a_new_key_and_nothing_with_the_old(here: Path) -> None:
    for name in ("upbit", "binance"):
        KeyStore.here().put(name, VALUE, "2026-11-22")
    before = (here / "master.key").read_text()
    old = json.loads((here / "keys.json").read_text())["secrets"]["upbit"]["token"]
    assert keys("rotate").stdout == "2 secrets are kept under a new master key\n"
    assert [secret_value(SecretName(name)) for name in ("upbit", "binance")] == [VALUE] * 2
    after = (here / "master.key").read_text()
    assert before.strip() not in after
    assert json.loads((here / "keys.json").read_text())["secrets"]["upbit"]["token"] != old


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_kill_while_rotating_locks_nobody_out(here: Path, writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three files are written: both master keys, the secrets, the new master key alone."""
    from karb_core.wiring import keystore, master_key
    from karb_core.wiring.written_whole import written_whole

    KeyStore.here().put("upbit", VALUE, "2026-11-22")
    left = [writes]

    def mortal(path: Path, text: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        written_whole(path, text)

    with monkeypatch.context() as killed:
        for module in (keystore, master_key):
            killed.setattr(module, "written_whole", mortal)
        with pytest.raises(KeyboardInterrupt):
            KeyStore.here().rotate()
    assert secret_value(SecretName("upbit")) == VALUE
    assert keys("rotate").returncode == 0
    assert secret_value(SecretName("upbit")) == VALUE


def test_the_environments_master_key_goes_before_the_file_and_is_the_owners(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("KARB_MASTER_KEY", first)
    assert keys("add", "upbit", told=VALUE).returncode == 0
    assert not (here / "master.key").exists()
    monkeypatch.setenv("KARB_MASTER_KEY", f"{second},{first}")
    assert keys("rotate").returncode == 0
    monkeypatch.setenv("KARB_MASTER_KEY", second)
    assert secret_value(SecretName("upbit")) == VALUE
    monkeypatch.setenv("KARB_MASTER_KEY", first)
    with pytest.raises(KeysUnusable, match="another master key"):
        secret_value(SecretName("upbit"))
    assert keys("check").returncode == 5


@pytest.mark.parametrize("file", ["keys.json", "master.key"])
def test_what_others_can_read_is_not_used(here: Path, file: str) -> None:
    KeyStore.here().put("upbit", VALUE, "2026-11-22")
    (here / file).chmod(0o640)
    with pytest.raises(KeysUnusable, match="can be read by others"):
        secret_value(SecretName("upbit"))


def test_tokens_that_changed_places_open_nothing(here: Path) -> None:
    for name in ("upbit", "binance"):
        KeyStore.here().put(name, VALUE, "2026-11-22")
    told = json.loads((here / "keys.json").read_text())
    secrets = told["secrets"]
    secrets["upbit"], secrets["binance"] = secrets["binance"], secrets["upbit"]
    (here / "keys.json").write_text(json.dumps(told))
    with pytest.raises(KeysUnusable, match="or was changed"):
        secret_value(SecretName("upbit"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2, "secrets": {}}', '{"format": 1, "secrets": {"a": {}}}', "\x00"]
)
def test_a_file_that_is_none_of_ours_is_one_sentence(here: Path, text: str) -> None:
    KeyStore.here().put("upbit", VALUE, "2026-11-22")
    (here / "keys.json").write_text(text)
    made = keys("list")
    assert (made.returncode, "is no keystore of karb's" in made.stderr, "Traceback" in made.stderr) == (5, True, False)


def test_a_value_in_two_places_that_differ_is_not_guessed_about(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KeyStore.here().put("upbit", VALUE, "2026-11-22")
    monkeypatch.setenv("KARB_SECRET_UPBIT", VALUE)
    assert secret_value(SecretName("upbit")) == VALUE
    monkeypatch.setenv("KARB_SECRET_UPBIT", OTHER)
    with pytest.raises(KeysUnusable, match="two values that differ"):
        secret_value(SecretName("upbit"))


def test_a_dot_env_is_taken_over_by_its_usual_names_and_shredded(here: Path) -> None:
    env = here.parent / ".env"
    access, secret = VALUE.split(":")
    env.write_text(
        f"# keys\nexport UPBIT_ACCESS_KEY='{access}'\nUPBIT_SECRET_KEY={secret} # mine\nBINANCE_API_KEY=half\n"
        f'KARB_SECRET_MAIL="{OTHER}"\nEMPTY=\n'
    )
    env.chmod(0o644)
    made = keys("import", ".env", "--shred")
    assert made.returncode == 0, made.stderr
    assert "could be read by others (mode 644)" in made.stderr
    assert "BINANCE_API_KEY is there and BINANCE_API_SECRET is not" in made.stderr
    assert not env.exists()
    assert secret_value(SecretName("upbit")) == VALUE
    assert secret_value(SecretName("mail")) == OTHER


def test_without_a_word_the_dot_env_stays(here: Path) -> None:
    env = here.parent / ".env"
    env.write_text(f"DISCORD_WEBHOOK_URL={OTHER}\n")
    made = keys("import", ".env")
    assert "is still there" in made.stdout
    assert env.exists()


def test_a_file_is_told_which_of_its_secrets_are_not_there(here: Path) -> None:
    KeyStore.here().put("upbit", VALUE, "2026-11-22")
    made = keys("check", str(ROOT / "strategies" / "kimp_zscore.yaml"))
    assert made.returncode == 5
    assert "secret:binance, which has no value here" in made.stdout
    assert "secret:upbit," not in made.stdout
