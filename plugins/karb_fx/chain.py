"""`fx.chain`: several sources of one rate, the first that is fresh rules, and none while two disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from karb_core.ports import Concern, FileView, FxSource, Stage
from karb_core.rules.choices import Listed, OrNone
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import component, rule
from karb_core.rules.slot import Slot
from karb_core.texts.text import Words
from karb_fx.params import RateParams, nanoseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from karb_core.domain.market import FxRate
    from karb_core.ports import Clock, Secrets
    from karb_core.ports.fx_source import EmitRate


class ChainParams(RateParams):
    """Which sources, in which order, and how far they may be from each other."""

    of: Listed[Slot] = component(
        "fx_source", "the sources, the one that rules first", ko="환율 소스, 우선하는 순서대로"
    )
    apart: OrNone[PositiveRatio] = rule(
        "how far two fresh rates may be from each other, or `none`; while they are further, none is told",
        ko="두 환율이 벌어질 수 있는 한도, 쓰지 않으면 `none`; 넘으면 어느 것도 쓰지 않음",
        example="0.5%",
        tighter="lower",
    )


class Chain:
    """Several sources of one rate: the first that is fresh rules, and none while two disagree.

    The chain's own `max_age` and `when_closed` say what an entry may rest on, and for how long one that comes before in the
    list holds back those after it; each source's own say how long its rate is fresh enough to be compared with the others.
    While two that are fresh are further apart than `apart`, nothing is told and the rate that stands grows old. Edge:
    exactly `apart` is told; the rate's market is open while that of any source is; what was before is asked of the first
    source that kept it.
    """

    name: ClassVar[str] = "chain"
    kind: ClassVar[str] = "chain"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    #: In a backtest the dataset brings the rates: only their ages and the calendar are asked for.
    replayed: ClassVar[bool] = True
    about: ClassVar[Words] = Words(
        "Several sources of one rate: the first that is fresh rules, and none while two disagree.",
        "여러 환율 소스: 최신인 첫 번째를 쓰고, 서로 다르면 쓰지 않습니다.",
    )
    Params = ChainParams

    def __init__(self, params: ChainParams, of: Sequence[FxSource]) -> None:
        self._params = params
        self._of = tuple(of)

    def open_source(self, secrets: Secrets) -> FxSource:
        from karb_core.ports import OpensSource

        opened = [one.open_source(secrets) if isinstance(one, OpensSource) else one for one in self._of]
        return Chain(self._params, opened)

    def max_age_ns(self) -> int:
        return nanoseconds(self._params.max_age)

    def when_closed_ns(self) -> int | None:
        return None if self._params.when_closed is None else nanoseconds(self._params.when_closed)

    def is_open(self, at_ns: int) -> bool:
        return any(one.is_open(at_ns) for one in self._of)

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        import asyncio

        from karb_fx.chosen import Chosen

        chosen = Chosen(self, self._of, self._params.apart, emit, clock)
        async with asyncio.TaskGroup() as group:
            for place, one in enumerate(self._of):
                group.create_task(chosen.kept(place, one))

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        for one in self._of:
            found = tuple(await one.past(since_ns, until_ns))
            if found:
                return found
        return ()

    @classmethod
    def at_local(cls, params: ChainParams, addresses: Mapping[str, str]) -> ChainParams:  # noqa: ARG003
        """It reaches nothing by itself; each of its sources is pointed there."""
        return params

    @classmethod
    def review(cls, params: ChainParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """One source is no chain."""
        if len(params.of) < 2:  # karb: constant because a chain has two links
            yield Concern(
                ("of",),
                Words("a chain needs two sources or more", "소스가 둘 이상이어야 합니다"),
                Words("name the one source in the chain's place", "소스가 하나면 그 소스를 직접 쓰세요"),
                code="K402",
            )
