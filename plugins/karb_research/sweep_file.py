"""A study file: which lines of a strategy file are tried out otherwise, over which data. It never changes that file."""

from __future__ import annotations

from typing import Annotated, Literal

from karb_core.rules.choices import Distinct, Exactly, IfGiven, OrNone, Some
from karb_core.rules.day import Day
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.names import Line, PathName, ShortName
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import OneOf, Params
from karb_core.rules.roles import alternative, assumption, tech, wiring
from karb_core.rules.written_value import WrittenValue
from karb_research.figures import Measure


class Range(Params):
    """Values from one to another in equal steps, all three written as the rule itself is."""

    rule: Line = wiring("the rule, by its place in the file", ko="규칙의 자리", example="/signal/with/entry")
    from_: WrittenValue = assumption("the first value", ko="첫 값", example="0.40%", alias="from")
    to: WrittenValue = assumption("the last value, which a step has to reach", ko="마지막 값", example="1.00%")
    step: WrittenValue = assumption("from one value to the next", ko="간격", example="0.05%")


class Values(Params):
    """Values as they are listed, each written as the rule itself is."""

    rule: Line = wiring("the rule, by its place in the file", ko="규칙의 자리", example="/signal/with/exit/stop_loss")
    of: Distinct[WrittenValue] = assumption("the values", ko="값들", example="[none, 1.0%, 2.0%]")


class Axis(OneOf):
    """One thing that is tried out."""

    range: IfGiven[Range] = alternative("a rule from one value to another", ko="한 규칙을 한 값에서 다른 값까지")
    values: IfGiven[Values] = alternative("a rule at listed values", ko="한 규칙을 나열한 값으로")
    add_gate: IfGiven[Some[WrittenValue]] = alternative(
        "without, and with each of these gates behind the file's own", ko="이 게이트들 없이, 그리고 하나씩 더해서"
    )
    drop_gate: IfGiven[Line] = alternative(
        "with and without one of the file's gates, by its `id` or `use`", ko="파일의 한 게이트를 두고, 그리고 빼고"
    )


class Random(Params):
    """So many points of the grid, drawn without regard to what came of others."""

    points: PositiveCount = assumption("how many points", ko="점의 수", example="200")
    seed: PositiveCount = assumption("which draw: the same seed draws the same points", ko="추첨 번호", example="1")


class Optuna(Params):
    """Points of the grid, later ones where earlier ones came out well. It needs karb[optuna]."""

    points: PositiveCount = assumption("how many points", ko="점의 수", example="200")
    seed: PositiveCount = assumption("which draw: the same seed draws the same points", ko="추첨 번호", example="1")
    at_once: PositiveCount = assumption(
        "how many are drawn before what came of them is looked at", ko="결과를 보기 전에 한 번에 뽑는 수", example="8"
    )
    measure: Measure = assumption("what is looked at, in sample", ko="보는 지표 (표본 안)", example="sharpe")
    towards: Literal["highest", "lowest"] = assumption("which way it is drawn", ko="어느 쪽으로", example="highest")


class Sampler(OneOf):
    """Which points of the grid are carried out."""

    grid: IfGiven[Literal["all"]] = alternative("all of them", ko="모두", example="all")
    random: IfGiven[Random] = alternative("some, drawn by chance", ko="무작위로 일부")
    optuna: IfGiven[Optuna] = alternative("some, drawn by what came of others", ko="앞선 결과를 보며 일부")


class Lengths(Params):
    """How long the stretches of a window are, in whole days of Korea. The next window begins one `out_of_sample` later."""

    in_sample: PositiveDuration = assumption(
        "the days a point is taken by; of anchored windows the first one's", ko="점을 고르는 기간 (anchored는 첫 창의 기간)",
        example="90d",
    )  # fmt: skip
    out_of_sample: PositiveDuration = assumption(
        "the days after them, which the taken point is carried out over",
        ko="그 뒤, 고른 점을 실행하는 기간",
        example="30d",
    )


class Windows(OneOf):
    """Where the in-sample days of a window begin."""

    rolling: IfGiven[Lengths] = alternative("they move on with the window", ko="창과 함께 옮겨 감")
    anchored: IfGiven[Lengths] = alternative("all begin on the first day and grow", ko="모두 첫날에 시작해 길어짐")


class Take(Params):
    """Which point of a window is carried out over the days after it. Of equal ones the first in the study's order."""

    measure: Measure = assumption("the figure that is looked at, in sample", ko="보는 지표 (표본 안)", example="sharpe")
    towards: Literal["highest", "lowest"] = assumption(
        "which end is taken", ko="어느 쪽 끝을 고르는지", example="highest"
    )


class WalkForward(Params):
    """What `karb walkforward` does with the points."""

    windows: Windows = assumption("the windows", ko="창")
    take: Take = assumption("which point is taken from each", ko="창마다 고르는 점")


class StudyFile(Params):
    """One file."""

    karb: Annotated[int, Exactly(1)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    study: ShortName = wiring("the study's name", ko="연구 이름", example="entry-and-target")
    about: Line = tech("", "what is asked, for people", ko="무엇을 묻는지 (사람을 위한 글)")
    strategy: PathName = wiring(
        "the strategy file, from this file's own folder on", ko="전략 파일 (이 파일의 폴더 기준)",
        example="../strategies/quickstart.yaml",
    )  # fmt: skip
    data: OrNone[PathName] = wiring(
        "the dataset file, from this file's own folder on, or `none`: the one that the strategy names",
        ko="데이터셋 파일 (이 파일의 폴더 기준), 전략이 가리키는 것이면 `none`",
        example="none",
    )
    from_: OrNone[Day] = assumption(
        "the first day (UTC), or `none`: as early as the data", ko="첫날 (UTC), 데이터의 처음이면 `none`",
        example="2025-01-01", alias="from",
    )  # fmt: skip
    to: OrNone[Day] = assumption(
        "the day after the last (UTC), or `none`: as late as the data", ko="마지막 다음 날 (UTC), 데이터의 끝이면 `none`",
        example="2025-07-01",
    )  # fmt: skip
    out_of_sample: OrNone[Day] = assumption(
        "the first day (Korea) out of sample, or `none`: all of it is in sample",
        ko="표본 밖의 첫날 (한국), 모두 표본 안이면 `none`",
        example="2025-05-01",
    )
    sampler: Sampler = assumption("which points are carried out", ko="어느 점을 실행할지")
    walk_forward: IfGiven[WalkForward] = alternative(
        "windows for `karb walkforward`; a sweep does not look at them", ko="`karb walkforward`의 창 (sweep은 보지 않음)",
        absent="no walk forward",
    )  # fmt: skip
    vary: dict[ShortName, Axis] = assumption("what is tried out, by a name of your own", ko="바꾸어 볼 것, 이름별로")
