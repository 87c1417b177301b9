"""Which scenario files there are."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from karb_core.errors import StrategyInvalid, UsageMistake
from karb_core.ports import App
from karb_core.texts.text import Words
from karb_research.happenings import impossible
from karb_research.scenario import Scenario

_FOLDER = "scenarios"


def scenarios(app: App, file: str, folder: str | None, only: tuple[str, ...]) -> list[Scenario]:
    """Those of the folder, by the names of their files; of `only`, in its order.

    Without a folder, `scenarios/` beside the strategy's own folder, or where we are. Errors: UsageMistake where there
    is none, or none of that name; as `App.read`; StrategyInvalid for what cannot happen.
    """
    where = _folder(file, folder)
    paths = {path.stem: path for path in sorted(where.glob("*.yaml"))}
    if not paths:
        said = Words(f"{where} has no scenario in it", f"{where}: 시나리오가 없습니다")
        raise UsageMistake(said, Words("a scenario is a file NAME.yaml", "시나리오는 이름.yaml 파일입니다"))
    for name in only:
        if name not in paths:
            raise UsageMistake(
                Words(f"there is no scenario `{name}`", f"`{name}`: 그런 시나리오는 없습니다"), _near(name, paths)
            )
    return [_read(app, str(paths[name])) for name in only or paths]


def _read(app: App, path: str) -> Scenario:
    scenario = app.read(path, Scenario)
    for number, event in enumerate(scenario.events):
        for said in impossible(event.happens):
            where = f"{path}: events.{number}"
            raise StrategyInvalid(Words(f"{where}: {said.en}", f"{where}: {said.ko}"))
    return scenario


def _folder(file: str, folder: str | None) -> Path:
    if folder is not None:
        if not Path(folder).is_dir():
            raise UsageMistake(Words(f"there is no folder {folder}", f"{folder}: 그런 폴더는 없습니다"))
        return Path(folder)
    for where in (Path(file).parent.parent / _FOLDER, Path(_FOLDER)):
        if where.is_dir():
            return where
    said = Words("no scenarios are here: name their folder", "시나리오가 없습니다. 폴더를 지정하세요")
    raise UsageMistake(said, Words("for example: --scenarios scenarios", "예: --scenarios scenarios"))


def _near(name: str, known: dict[str, Path]) -> Words:
    near = get_close_matches(name, known, 1, 0.6)
    told = ", ".join(known)
    if near:
        return Words(f"did you mean `{near[0]}`?", f"`{near[0]}`을(를) 뜻했나요?")
    return Words(f"there are: {told}", f"있는 것: {told}")
