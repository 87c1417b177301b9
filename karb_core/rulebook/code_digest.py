"""Which code will carry out the rules: one digest per import package."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import karb_core
from karb_core.plugin.offer import Offer


@dataclass(frozen=True, slots=True)
class CodeDigest:
    distribution: str
    version: str
    code: str


def code_digests(offers: Iterable[Offer]) -> dict[str, CodeDigest]:
    """By import package: karb_core, and the package of each component. An editable install is digested as it is."""
    found = {"karb_core": CodeDigest("karb", karb_core.__version__, package_digest("karb_core"))}
    for offer in offers:
        package = offer.component.__module__.partition(".")[0]
        found[package] = CodeDigest(offer.source.distribution, offer.source.version, package_digest(package))
    return found


@cache
def package_digest(package: str) -> str:
    """SHA-256 over the package's Python sources by relative path; the same wheel has the same on every platform."""
    whole = hashlib.sha256()
    for root in _roots(package):
        files = [root] if root.is_file() else sorted(root.rglob("*.py"), key=lambda p: p.relative_to(root).as_posix())
        for file in files:
            name = file.name if root.is_file() else file.relative_to(root).as_posix()
            inside = hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
            whole.update(f"{name}\0{inside}\n".encode())
    return "sha256:" + whole.hexdigest()


def _roots(package: str) -> list[Path]:
    module = sys.modules[package]
    places = getattr(module, "__path__", None)
    return [Path(p) for p in places] if places else [Path(str(module.__file__))]
