"""A comparison file: sets of strategy files that are held side by side, over the same data. It never changes any."""

from __future__ import annotations

from typing import Annotated

from karb_core.rules.choices import Exactly, OrNone
from karb_core.rules.day import Day
from karb_core.rules.names import Line, PathName, ShortName
from karb_core.rules.params import Params
from karb_core.rules.roles import assumption, tech, wiring


class ComparisonFile(Params):
    """One file."""

    karb: Annotated[int, Exactly(1)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    comparison: ShortName = wiring("the comparison's name", ko="비교의 이름", example="abc")
    about: Line = tech("", "what is compared, for people", ko="무엇을 비교하는지 (사람을 위한 글)")
    data: OrNone[PathName] = wiring(
        "the dataset file, from this file's own folder on, or `none`: the one that each strategy names",
        ko="데이터셋 파일 (이 파일의 폴더 기준), 전략마다 가리키는 것이면 `none`",
        example="../datasets/sample.yaml",
    )
    from_: OrNone[Day] = assumption(
        "the first day (UTC), or `none`: as early as the data", ko="첫날 (UTC), 데이터의 처음이면 `none`",
        example="2025-01-01", alias="from",
    )  # fmt: skip
    to: OrNone[Day] = assumption(
        "the day after the last (UTC), or `none`: as late as the data", ko="마지막 다음 날 (UTC), 데이터의 끝이면 `none`",
        example="2025-07-01",
    )  # fmt: skip
    sets: dict[ShortName, dict[ShortName, PathName]] = assumption(
        "sets of files, a word for each; the others of a set are held against its first",
        ko="파일 묶음, 파일마다 이름 하나. 묶음의 첫 파일과 나머지를 비교",
    )
