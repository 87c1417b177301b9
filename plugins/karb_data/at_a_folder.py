"""A collector at its folder: alone there, until it is over or stopped, and then everything that came is durable."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.history.holes import Holes
from karb_core.ports import App, ToldBy
from karb_core.texts.text import LANGUAGES, Words, render
from karb_data.collect_file import CollectFile
from karb_data.collector import Collector
from karb_data.missing import Missing
from karb_data.one_at_a_time import held
from karb_data.recorder import Recorder
from karb_data.said_holes import hole_said

Work = Callable[[Collector], Awaitable[None]]


def at_a_folder(app: App, file: str, into: str, how: CollectFile, work: Work, seconds: float | None) -> bool:
    """False where it was interrupted. Errors: as `App.told_by`; UsageMistake for a folder that is none or is recorded into
    already; PluginUnusable where nothing can be heard; DataUnusable where the disk takes no more."""
    told_by = app.told_by(file)
    _need_something(app, told_by)
    folder = _folder(into)
    with held(folder):
        try:
            asyncio.run(_worked(app, told_by, how, folder, work, seconds))
        except KeyboardInterrupt:
            return False
        except ModuleNotFoundError as missing:
            raise PluginUnusable(
                Words(f"{file} needs {missing.name}", f"{file}에 {missing.name} 패키지가 필요합니다"),
                Words("pip install 'karb[live]'"),
            ) from missing
    return True


def _need_something(app: App, told_by: ToldBy) -> None:
    for use, why in told_by.unheard.items():
        said = (render(why, lang) for lang in LANGUAGES)
        app.warn(Words(*(f"{use}: {each}" for each in said)))
    if not told_by.feeds and not told_by.rates:
        raise PluginUnusable(Words("nothing of this file can be recorded", "이 파일에서 기록할 수 있는 것이 없습니다"))


def _folder(into: str) -> Path:
    folder = Path(into)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise UsageMistake(
            Words(f"{into} cannot be a folder: {e.strerror}", f"{into} 폴더를 만들 수 없습니다: {e.strerror}")
        ) from e
    return folder


async def _worked(app: App, told_by: ToldBy, how: CollectFile, folder: Path, work: Work, seconds: float | None) -> None:
    collector = _collector(app, told_by, how, folder)
    working = asyncio.ensure_future(work(collector))
    with suppress(NotImplementedError):  # no such handler on Windows, where there is no such signal either
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    app.warn(Words(f"recording into {folder}", f"{folder}에 기록합니다"))
    try:
        await asyncio.wait({working}, timeout=seconds)
    finally:
        working.cancel()
        ended = (await asyncio.gather(working, return_exceptions=True))[0]
        app.progress(None)
        app.warn(Words(f"{collector.rows} rows recorded", f"{collector.rows}행을 기록했습니다"))
    if isinstance(ended, Exception):
        raise ended


def _collector(app: App, told_by: ToldBy, how: CollectFile, folder: Path) -> Collector:
    recorder = Recorder(folder, how)
    missing = Missing(recorder, Holes(folder), how, lambda hole: app.warn(hole_said(hole)))

    def shows(rows: int, upto: str) -> None:
        app.progress(Words(f"{rows} rows {upto}", f"{rows}행 {upto}"))

    return Collector(told_by, how, folder, recorder, missing, app.clock(), app.warn, shows)
