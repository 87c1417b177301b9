"""What is not a strategy file at all is said in one sentence, with what to do and the exit code that belongs to it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from karb_core.errors import KarbError, StrategyInvalid, UsageMistake
from karb_core.rulebook.check import check
from karb_core.rulebook.source import LARGEST, Source, read_source
from karb_core.texts.text import render
from tests.rulebook.shipped import STRATEGIES, installed, shipped

KOREAN = "# 김프 전략\nkarb: 1\nname: kimp\nabout: 김치 프리미엄\n"


def told(path: Path, kind: type[KarbError]) -> tuple[str, str]:
    """The sentence and the help that reading the path ends with, without the path itself."""
    with pytest.raises(KarbError) as caught:
        read_source(str(path))
    error = caught.value
    assert type(error) is kind
    assert error.exit_code == {UsageMistake: 2, StrategyInvalid: 3}[kind]
    assert str(error) == render(error.said)
    assert "\n" not in str(error)
    assert render(error.said, "ko") != render(error.said)
    return str(error).replace(str(path), "FILE"), render(error.help) if error.help else ""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kimp.yaml"


def test_a_file_that_is_not_there(file: Path) -> None:
    assert told(file, UsageMistake) == ("FILE: there is no such file", "")


def test_a_path_through_a_file(file: Path) -> None:
    file.write_text("karb: 1\n")
    assert told(file / "deeper.yaml", UsageMistake)[0] == "FILE could not be read: Not a directory"


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert told(tmp_path / "a\0b.yaml", UsageMistake)[0] == "FILE could not be read: embedded null byte"


def test_a_folder(tmp_path: Path) -> None:
    said = "FILE is a folder, not a strategy file: name the YAML file in it"
    assert told(tmp_path, UsageMistake) == (said, "")


@pytest.mark.parametrize("data", [b"", b"\n", b" \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert told(file, StrategyInvalid) == ("FILE is empty", "start from a filled one: karb new strategy")


def test_comments_only(file: Path) -> None:
    file.write_text("# a plan\n\n# 나중에\n", "utf-8")
    (error,) = check(read_source(str(file)), installed()).errors
    assert (error.code, error.mark.line, error.mark.column) == ("K201", 1, 1)
    assert render(error.said) == "there are only comments in this file"


def test_a_file_of_fifty_megabytes_is_not_read_to_its_end(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b"karb: 1\n")
        out.truncate(50_000_000)
    said = "FILE has more than 1,000,000 bytes: no strategy is that long, so this must be another file"
    assert told(file, StrategyInvalid)[0] == said


def test_the_largest_file_is_read_and_one_byte_more_is_not(file: Path) -> None:
    file.write_bytes(b"#" * LARGEST)
    assert len(read_source(str(file)).text) == LARGEST
    file.write_bytes(b"#" * (LARGEST + 1))
    assert "more than 1,000,000 bytes" in told(file, StrategyInvalid)[0]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\x14\0\0\0", b"karb: 1\n\0"])
def test_a_binary_file(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert told(file, StrategyInvalid)[0] == "FILE is not a text file: a strategy is a YAML text"


def test_a_file_saved_as_cp949(file: Path) -> None:
    file.write_bytes(("karb: 1\nname: kimp\n\nabout: 김치 프리미엄\n").encode("cp949"))
    said = "FILE:4: not UTF-8 (looks like CP949, the Windows default in Korea)"
    assert told(file, StrategyInvalid) == (said, "save the file as UTF-8")


def test_a_file_that_is_no_text_we_know(file: Path) -> None:
    file.write_bytes(b"karb: 1\nname: \xff\xfa\n")
    assert told(file, StrategyInvalid) == ("FILE:2: not UTF-8", "save the file as UTF-8")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_utf_16(file: Path, coding: str) -> None:
    mark = "" if coding == "utf-16" else "\ufeff"
    file.write_bytes((mark + KOREAN).encode(coding))
    assert told(file, StrategyInvalid) == ("FILE is saved as UTF-16", "save the file as UTF-8")


def test_a_mark_at_the_beginning_and_windows_line_ends_change_nothing(file: Path) -> None:
    text = shipped()
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    source = read_source(str(file))
    assert source.text == text
    plain, windows = check(Source.of_text(text), installed()), check(source, installed())
    assert windows.errors == ()
    assert plain.rulebook is not None
    assert windows.rulebook is not None
    assert windows.rulebook.digests == plain.rulebook.digests


def test_the_digest_of_a_file_is_that_of_its_bytes(file: Path) -> None:
    data = KOREAN.replace("\n", "\r\n").encode()
    file.write_bytes(data)
    assert read_source(str(file)).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(file: Path) -> None:
    file.write_text("karb: 1\n")
    file.chmod(0)
    assert told(file, UsageMistake)[0] == "FILE: you may not read this file"


def test_a_file_that_the_system_does_not_open(file: Path) -> None:
    def refuses(path: str) -> BinaryIO:
        raise PermissionError(13, "Permission denied", path)

    file.write_text("karb: 1\n")
    with pytest.raises(UsageMistake, match="you may not read this file"):
        read_source(str(file), opened=refuses)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    assert told(file, UsageMistake)[0] == "FILE is a pipe or a device: save the strategy as a file, and name that"


class Disturbed(io.FileIO):
    """A file to which something happens between its opening and its end, as when an editor saves it just then."""

    happens: Callable[[str], None]

    def read(self, size: int | None = -1, /) -> bytes:
        type(self).happens(str(self.name))
        return super().read(size)


def _grows(path: str) -> None:
    with Path(path).open("ab") as more:
        more.write(b"# more\n")


def _shrinks(path: str) -> None:
    os.truncate(path, 8)


def _is_written_again_at_the_same_length(path: str) -> None:
    was = Path(path).stat()
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns + 1_000_000_000))


@pytest.mark.parametrize("happens", [_grows, _shrinks, _is_written_again_at_the_same_length])
def test_a_file_that_changes_while_it_is_read(file: Path, happens: Callable[[str], None]) -> None:
    class Now(Disturbed):
        pass

    Now.happens = staticmethod(happens)  # type: ignore[assignment]
    file.write_text("karb: 1\nname: kimp\n")
    with pytest.raises(StrategyInvalid) as caught:
        read_source(str(file), opened=Now)
    assert str(caught.value) == f"{file} changed while it was being read: save it and run the command again"


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(file: Path, tmp_path: Path) -> None:
    class Now(Disturbed):
        pass

    def replaced(path: str) -> None:
        new = tmp_path / "new"
        new.write_text("karb: 2\n")
        new.replace(path)

    Now.happens = staticmethod(replaced)  # type: ignore[assignment]
    file.write_text("karb: 1\n")
    assert read_source(str(file), opened=Now).text == "karb: 1\n"


def test_every_shipped_file_is_read_as_it_is() -> None:
    for path in sorted(STRATEGIES.glob("*.yaml")):
        assert read_source(str(path)).text == path.read_text("utf-8")
