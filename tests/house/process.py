"""karb as a process of its own on paper, read line by line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cli.run import ours
from tests.cli.shipped import ROOT
from tests.house.stage import CHANNEL, paper_text
from tests.wiring.tiny import Edit

CONSOLE: Edit = (CHANNEL, "  - {use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}")
LEDGER = "karb.ledger"
#: Nobody waits longer than this for a line that never comes.
_MOST_S = 60


def write(folder: Path, *edits: Edit, name: str = "walker") -> str:
    """A strategy that tells on its terminal; the file's name."""
    (folder / f"{name}.yaml").write_text(paper_text(CONSOLE, *edits), "utf-8")
    return f"{name}.yaml"


class Karb:
    """`karb run ...` in a folder whose `site` has the market's plugin. Killed with the block if it still runs."""

    def __init__(self, folder: Path, *files: str, ledger: str = LEDGER, most_s: int = _MOST_S) -> None:
        self.made = subprocess.Popen(
            [sys.executable, "-m", "karb_core.cli.main", "run", *files, "--ledger", ledger],
            cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        self.lines: list[str] = []
        self._watchdog = threading.Timer(most_s, self.made.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._watchdog.cancel()
        if self.made.poll() is None:
            self.made.kill()
        self.made.wait()
        if self.made.stdout is not None:
            self.made.stdout.close()

    def heard(self, said: str) -> str:
        """The next line in which this stands."""
        assert self.made.stdout is not None
        for line in self.made.stdout:
            self.lines.append(line.rstrip("\n"))
            if re.search(said, line):
                return self.lines[-1]
        raise AssertionError(f"it ended and never said {said!r}: {self.lines}")

    def heard_each(self, *said: str) -> None:
        """Until each of these stood in some line: what is told by a channel comes beside what the run says."""
        missing = list(said)
        while missing:
            line = self.heard("|".join(missing))
            missing = [one for one in missing if not re.search(one, line)]

    def signalled(self, number: signal.Signals) -> None:
        self.made.send_signal(number)

    def killed(self) -> None:
        self.made.kill()
        self.made.wait()

    def ended(self) -> tuple[int, list[str]]:
        """Its exit code, and what it said since it was heard last."""
        out, _ = self.made.communicate()
        return self.made.returncode, out.splitlines()


def asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another terminal."""
    return subprocess.run(
        [sys.executable, "-m", "karb_core.cli.main", *arguments],
        cwd=folder, env=environment(folder), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def environment(folder: Path, extra: Sequence[str] = ()) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LANG", "NO_COLOR", "PYTHONIOENCODING")}
    path = os.pathsep.join([str(folder / "site"), str(ROOT), str(ROOT / "plugins"), *extra])
    mine = ours(folder)
    return kept | mine | {"PYTHONPATH": path, "KARB_PLUGINS": f"{mine['KARB_PLUGINS']},walk"}
