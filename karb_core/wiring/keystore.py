"""The keystore: secrets by name in one file of KARB_HOME, each encrypted (Fernet), for its owner's eyes alone.

Shape: {"format": 1, "secrets": {"upbit": {"token": "gAAAA...", "added": "2026-11-22"}}}. A token has its own name in it, so
that two of them cannot change places.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karb_core.errors import KeysUnusable
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.master_key import Place, keep_master, master_keys, master_place, need_private
from karb_core.wiring.written_whole import written_whole

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

FILE = "keys.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeyStore:
    """Errors: each question raises `KeysUnusable`, and no other; none has a part of a secret in it."""

    path: Path

    @classmethod
    def here(cls) -> KeyStore:
        return cls(home() / FILE)

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def names(self) -> dict[str, str]:
        """By name the day on which each was added, in the order of the names. No master key is needed."""
        return {name: str(each.get("added", "")) for name, each in sorted(self._secrets().items())}

    def value(self, name: str) -> str | None:
        """None for no such secret."""
        found = self._secrets().get(name)
        return None if found is None else self._opened(name, found, _box(self._place()))

    def put(self, name: str, value: str, day: str, place: Place | None = None) -> None:
        """In the place of one of that name. place: where a master key is made, if there is none."""
        secrets = dict(self._secrets()) if self.exists else {}
        box = _box(self._made(place))
        secrets[name] = {"token": _closed(box, name, value), "added": day}
        self._write(secrets)

    def remove(self, name: str) -> bool:
        """Whether it was there."""
        secrets = dict(self._secrets())
        if secrets.pop(name, None) is None:
            return False
        self._write(secrets)
        return True

    def rotate(self) -> int:
        """Every secret by a new master key, which replaces the old one; how many they are. A kill leaves both keys."""
        from cryptography.fernet import Fernet

        place = self._place()
        if place != "environment":
            keep_master(place, f"{Fernet.generate_key().decode()},{master_keys(place)}")
        secrets, box = self._secrets(), _box(place)
        again = {n: {**s, "token": _closed(box, n, self._opened(n, s, box))} for n, s in secrets.items()}
        self._write(again)
        if place != "environment":
            keep_master(place, master_keys(place).split(",")[0])
        return len(again)

    def check(self) -> dict[str, bool]:
        """By name, whether it can be opened."""
        box, out = _box(self._place()), {}
        for name, found in sorted(self._secrets().items()):
            try:
                self._opened(name, found, box)
            except KeysUnusable:
                out[name] = False
            else:
                out[name] = True
        return out

    def _secrets(self) -> Mapping[str, Mapping[str, Any]]:
        if not self.exists:
            return {}
        need_private(self.path)
        try:
            told = json.loads(self.path.read_text("utf-8"))
            secrets = told["secrets"]
            fine = told["format"] == FORMAT and all(isinstance(each["token"], str) for each in secrets.values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise KeysUnusable(Text("keys.broken", {"path": self.path})) from e
        if not fine:
            raise KeysUnusable(Text("keys.broken", {"path": self.path}))
        found: Mapping[str, Mapping[str, Any]] = secrets
        return found

    def _write(self, secrets: Mapping[str, Mapping[str, Any]]) -> None:
        try:
            written_whole(self.path, json.dumps({"format": FORMAT, "secrets": secrets}, indent=1) + "\n")
        except OSError as e:
            raise KeysUnusable(Text("keys.unwritten", {"path": self.path, "why": e.strerror or ""})) from e

    def _opened(self, name: str, found: Mapping[str, Any], box: MultiFernet) -> str:
        from cryptography.fernet import InvalidToken

        try:
            told = json.loads(box.decrypt(str(found["token"]).encode()))
        except (InvalidToken, ValueError):
            told = None
        if not isinstance(told, dict) or told.get("name") != name:
            raise KeysUnusable(Text("keys.other_master", {"name": name}), Text("keys.other_master.help"))
        return str(told["value"])

    def _place(self) -> Place:
        place = master_place()
        if place is None:
            raise KeysUnusable(Text("keys.no_master", {"path": self.path}), Text("keys.no_master.help"))
        return place

    def _made(self, place: Place | None) -> Place:
        """Edge: where secrets are, a new master key would open none of them: then none is made."""
        found = master_place()
        if found is not None:
            return found
        if self.exists and self._secrets():
            return self._place()
        from cryptography.fernet import Fernet

        made: Place = place or "file"
        keep_master(made, Fernet.generate_key().decode())
        return made


def _closed(box: MultiFernet, name: str, value: str) -> str:
    closed: bytes = box.encrypt(json.dumps({"name": name, "value": value}).encode())
    return closed.decode()


def _box(place: Place) -> MultiFernet:
    try:
        from cryptography.fernet import Fernet, MultiFernet
    except ImportError as e:
        raise KeysUnusable(Text("keys.no_library"), Text("keys.no_library.help")) from e
    try:
        return MultiFernet([Fernet(key.strip()) for key in master_keys(place).split(",")])
    except ValueError:
        raise KeysUnusable(Text("keys.bad_master", {"place": place})) from None
