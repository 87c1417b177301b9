"""Where a report is written, and where what a study names lies."""

from __future__ import annotations

from pathlib import Path

from karb_core.errors import UsageMistake
from karb_core.texts.text import Words


def need_a_place(form: str, out: str | None) -> None:
    """Errors: UsageMistake for a page without a file, a text with one, and a place that cannot be a file."""
    if form == "html" and out is None:
        raise UsageMistake(
            Words("a page needs a file: --out report.html", "HTML은 파일이 필요합니다: --out report.html")
        )
    if form == "text" and out is not None:
        raise UsageMistake(
            Words("--out goes with --format json or html", "--out은 --format json이나 html과 함께 씁니다")
        )
    if out is not None and not Path(out).absolute().parent.is_dir():
        folder = Path(out).parent
        raise UsageMistake(Words(f"there is no folder {folder}", f"{folder} 폴더가 없습니다"))
    if out is not None and Path(out).is_dir():
        raise UsageMistake(Words(f"{out} is a folder: name a file in it", f"{out}: 폴더입니다. 파일 이름을 쓰세요"))


def beside(path: str, named: str) -> str:
    """What a file names, from that file's own folder on; short where that lies in the folder we are in."""
    whole = (Path(path).parent / named).resolve()
    here = Path.cwd().resolve()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(Path(path).parent / named)


def write(path: Path, text: str) -> None:
    """Errors: UsageMistake where that cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as e:
        why = e.strerror or str(e)
        raise UsageMistake(Words(f"{path}: {why}", f"{path}: {why}")) from e
