"""The committed versions: one for every requirement on every Python, and nothing of the machine that chose them."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import HOUSE

PLAIN, HASHED = ("constraints.txt", "constraints-hashed.txt")
CONFIG = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("linux", "darwin", "win32")


def pins(file: str) -> list[Requirement]:
    """The lines that pin a version."""
    lines = (HOUSE / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\").strip()) for line in lines if re.match("[A-Za-z0-9]", line)]


def requirements() -> list[Requirement]:
    project, groups = CONFIG["project"], CONFIG["dependency-groups"]
    lines = [*project["dependencies"], *CONFIG["build-system"]["requires"]]
    lines += [line for extra in project["optional-dependencies"].values() for line in extra]
    lines += [line for group in groups.values() for line in group if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_requirement_has_one_version(python: str, platform: str) -> None:
    machine = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    found: dict[str, list[str]] = {}
    for pin in pins(PLAIN):
        if pin.marker is None or pin.marker.evaluate(machine):
            found.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    for need in requirements():
        (version,) = found[canonicalize_name(need.name)]
        assert need.specifier.contains(version, prereleases=True), f"{need} is pinned to {version}"


def test_both_files_pin_the_same() -> None:
    assert sorted(map(str, pins(PLAIN))) == sorted(map(str, pins(HASHED)))


@pytest.mark.parametrize("file", [PLAIN, HASHED])
def test_they_say_nothing_of_the_machine_that_chose_them(file: str) -> None:
    text = (HOUSE / file).read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:index|extra|find|trusted)\S*|(?<![\w.])/\w+", text) == []
