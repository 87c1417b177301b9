"""A folder in which a page's commands are run in their order, as a reader would type them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import HOUSE, Block

#: When the owner of every example approves first, and how much later each time after. Unit: seconds.
_FIRST_APPROVAL, _A_WEEK = 1_795_262_400, 7 * 24 * 60 * 60


@dataclass(slots=True)
class Workplace:
    """`folder` has the shipped strategies, datasets and scenarios in it, and `site` is where packages are installed."""

    folder: Path
    site: Path
    approvals: int = 0

    @classmethod
    def create(cls, folder: Path) -> Workplace:
        for name in ("strategies", "datasets", "scenarios"):
            shutil.copytree(HOUSE / name, folder / "place" / name)
        (folder / "site").mkdir()
        return cls(folder / "place", folder / "site")

    def do(self, block: Block) -> None:
        """A console block is typed, a file is written, sections or lines are put into one, a change is made."""
        if block.kind == "console":
            self._type(block)
        elif block.kind == "change":
            self._change(block)
        elif block.note is not None and block.note[0] in ("after", "instead"):
            self._write_at(block)
        elif block.note is not None and block.note[0] in ("file", "into"):
            path = self.folder / block.note[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            text = block.text
            if block.note[0] == "into":
                text = with_sections(path.read_text(encoding="utf-8"), block.text)
            path.write_text(text, encoding="utf-8")

    def _type(self, block: Block) -> None:
        code, told = 0, ""
        for command, shown in _session(block):
            if command == "echo $?":
                assert shown == [str(code)], f"{block}: the last exit code was {code}"
                code = 0
                continue
            assert code == 0, f"{block}: ended with {code}, and the page does not say so\n{told}"
            code, told = self._run(shlex.split(command))
            _shows(block, command, shown, told)
        assert code == 0, f"{block}: ended with {code}, and the page does not say so\n{told}"

    def _run(self, words: list[str]) -> tuple[int, str]:
        match words:
            case ["cp", source, target]:
                shutil.copyfile(self.folder / source, self.folder / target)
                return 0, ""
            case ["pip", "install", package]:
                self._install(self.folder / package)
                return 0, ""
            case ["karb", *rest]:
                self.approvals += "--because" in rest
                return self._python("-m", "karb_core.cli.main", *rest)
            case ["pytest", *rest]:
                return self._python("-m", "pytest", "-q", "-p", "no:cacheprovider", *rest)
        raise AssertionError(f"the docs' tests do not know how to run {words}")

    def _python(self, *words: str) -> tuple[int, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KARB_", "PYTEST_", "LC_", "LANG"))}
        kept["KARB_HOME"] = str(self.folder.parent / "home")
        paths = os.pathsep.join([str(self.site), *filter(None, [kept.get("PYTHONPATH")])])
        told = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=kept | {"PYTHONPATH": paths, "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": str(self._now())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return told.returncode, told.stdout

    def _now(self) -> int:
        return _FIRST_APPROVAL + max(self.approvals - 1, 0) * _A_WEEK

    def _install(self, source: Path) -> None:
        """Leaves the package as pip does: its files, and the metadata that discovery reads."""
        project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        info = self.site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        needs = "".join(f"Requires-Dist: {need}\n" for need in project["dependencies"])
        head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (info / "METADATA").write_text(head + needs, encoding="utf-8")
        points = project["entry-points"]["karb.plugins"]
        listed = "".join(f"{key} = {value}\n" for key, value in points.items())
        (info / "entry_points.txt").write_text(f"[karb.plugins]\n{listed}", encoding="utf-8")
        for module in points.values():
            shutil.copytree(source / module, self.site / module)

    def _write_at(self, block: Block) -> None:
        """`<!-- after: a.py: some text -->`: the block stands after the one line with that text; `instead`: in its place."""
        assert block.note is not None
        how, (file, _, text) = block.note[0], block.note[1].partition(": ")
        path = self.folder / file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if text in line]
        assert len(found) == 1, f"{block}: `{text}` stands in {len(found)} lines of {file}"
        begin = found[0] + (how == "after")
        lines[begin : found[0] + 1] = block.text.splitlines(keepends=True)
        path.write_text("".join(lines), encoding="utf-8")

    def _change(self, block: Block) -> None:
        """`<!-- change: kimp.yaml: old => new -->`: what the page tells the reader to edit."""
        file, _, edit = block.text.partition(": ")
        old, _, new = (part.removeprefix(" ") for part in edit.partition(" =>"))
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{block}: `{old}` stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def with_sections(strategy: str, sections: str) -> str:
    """The strategy with these sections, whole, in the place of its own."""
    return "".join({**_sections(strategy), **{key: text for key, text in _sections(sections).items() if key}}.values())


def _sections(text: str) -> dict[str, str]:
    """By their top-level keys; what stands before the first is under ""."""
    parts = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0] if i else "": part for i, part in enumerate(parts)}


def _session(block: Block) -> list[tuple[str, list[str]]]:
    """Each command with the lines that the page shows under it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def _shows(block: Block, command: str, shown: list[str], told: str) -> None:
    """`…` stands for anything: within a line, or, alone on one, for any number of lines. The width of gaps is free."""
    if not shown:
        return
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == "…" else re.escape(_narrow(line)).replace("…", ".*") + "\n" for line in shown
    )
    assert re.fullmatch(pattern, _narrow(told)), f"{block}: `{command}` says\n{told}"


def _narrow(text: str) -> str:
    return re.sub(" +", " ", text)
