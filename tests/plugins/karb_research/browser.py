"""A real Chromium that opens one file, and tells what its console said and what became of the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: How long a browser that hangs is waited for; a page is drawn in a part of a second.
_HANGS_S = 120


@dataclass(frozen=True, slots=True)
class Opened:
    dom: str
    console: tuple[str, ...]


def chromium() -> str:
    """Its program; where there is none the test is skipped, and says so."""
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.skip(f"no Chromium is installed here (looked for {', '.join(_NAMES)}): apt-get install chromium")


def opened(page: Path, *, width: int = 1200, screenshot: Path | None = None) -> Opened:
    """The page once its scripts ran, in a profile of its own beside the page. `width` in CSS pixels."""
    asked = [f"--screenshot={screenshot}"] if screenshot is not None else ["--dump-dom"]
    profile = page.parent / "profile"
    done = subprocess.run(
        [
            chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--enable-logging=stderr", f"--user-data-dir={profile}",
            f"--window-size={width},2000", "--virtual-time-budget=5000", *asked, page.as_uri(),
        ],
        capture_output=True, encoding="utf-8", check=True, timeout=_HANGS_S,
    )  # fmt: skip
    return Opened(done.stdout, tuple(re.findall(r"CONSOLE[^\]]*\] (.*)", done.stderr)))
