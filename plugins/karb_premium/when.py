"""`premium.when`: one signal enters and leaves, where others agree, or at least one does, or some do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from karb_core.ports import Concern, FileView, Stage
from karb_core.rules.choices import OrNone, Some
from karb_core.rules.params import Params
from karb_core.rules.roles import component
from karb_core.rules.slot import Slot
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.domain.decisions import Proposal
    from karb_core.ports import BarRows, Explanation, GridRows, Judgement, Moment, PairSeries, Signal, Standing, Terms
    from karb_core.ports.signal import Features, Mask

_OPENS, _ALL, _ANY, _NOT = "opens", "all_of", "any_of", "not"


class WhenParams(Params):
    """Who enters and leaves, and which others are asked."""

    opens: Slot = component(
        "signal",
        "the signal that enters, and leaves what it entered by its own exits",
        ko="진입하고 자기 규칙으로 청산하는 신호",
    )
    all_of: OrNone[Some[Slot]] = component(
        "signal",
        "signals that must all want to enter on the same side, or `none`",
        ko="모두 같은 방향으로 진입하려 해야 하는 신호들, 쓰지 않으면 `none`",
    )
    any_of: OrNone[Some[Slot]] = component(
        "signal",
        "signals of which at least one must, or `none`",
        ko="하나 이상이 그래야 하는 신호들, 쓰지 않으면 `none`",
    )
    not_: OrNone[Some[Slot]] = component(
        "signal",
        "signals of which none may, or `none`",
        ko="하나도 그러면 안 되는 신호들, 쓰지 않으면 `none`",
        alias="not",
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A signal inside, and its place in the parameters: `all_of.0`."""

    place: str
    signal: Signal

    def line(self, rule: str) -> str:
        return f"{self.place}.{rule}" if rule == "use" else f"{self.place}.with.{rule}"

    def seen(self, moment: Moment) -> Moment:
        """The moment with this one's own features."""
        own = f"{self.place}."
        features = {name.removeprefix(own): value for name, value in moment.features.items() if name.startswith(own)}
        return replace(moment, features=features)


class When:
    """Enters when one signal would and others agree: all of these, at least one of those, none of the rest.

    Each of the others is asked of the same moment whether it would enter on the same side if nothing were open; what it
    writes for its exits, for sizes and for re-arming is not asked. Lots are the first signal's: it alone leaves them. Edge:
    a signal under `not` of which a feature is not known yet has not said that it would not: nothing is entered. All of them
    must be judged on the same rows.
    """

    name: ClassVar[str] = "when"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Enters when one signal would and others agree: all of these, at least one of those, none of the rest.",
        "한 신호가 진입하려 하고 다른 신호들이 동의할 때 진입합니다: 모두, 하나 이상, 또는 하나도 아님.",
    )
    #: Whose word on sides, tiers and exits is this one's.
    speaks_through: ClassVar[str] = _OPENS
    Params = WhenParams

    def __init__(self, params: WhenParams, of: Sequence[Signal]) -> None:
        named = [_OPENS]
        for place, slots in ((_ALL, params.all_of), (_ANY, params.any_of), (_NOT, params.not_)):
            named += [f"{place}.{n}" for n, _ in enumerate(slots)] if slots is not None else []
        inside = [_Asked(place, signal) for place, signal in zip(named, of, strict=True)]
        self._opens, self._others = inside[0], tuple(inside[1:])
        rows = [one.signal.rows() for one in inside]
        if len({replace(each, lookback=rows[0].lookback) for each in rows}) != 1:
            raise ValueError("all of its signals must be judged on the same rows: one `bar`, or one `grid`")
        self._rows = replace(rows[0], lookback=max(each.lookback for each in rows))

    def rows(self) -> BarRows | GridRows:
        return self._rows

    def features(self, series: PairSeries) -> Features:
        """Those of the first as they are, those of the others under their places."""
        made: dict[str, Any] = dict(self._opens.signal.features(series))
        for one in self._others:
            made |= {f"{one.place}.{name}": column for name, column in one.signal.features(series).items()}
        return made

    def reads_funding(self) -> bool:
        from karb_core.ports import ReadsFunding

        signals = (self._opens.signal, *(one.signal for one in self._others))
        return any(isinstance(each, ReadsFunding) and each.reads_funding() for each in signals)

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        judged = self._opens.signal.judge(self._own(moment), standing, terms)
        kept = tuple(p for each in judged.proposals if (p := self._agreed(each, moment, terms)) is not None)
        line = self._opens.line
        return replace(
            judged,
            proposals=kept,
            rearmed=None if judged.rearmed is None else line(judged.rearmed),
            reminders=tuple(replace(r, rules=tuple(map(line, r.rules))) for r in judged.reminders),
        )

    def wakes(self, features: Features, standing: Standing, terms: Terms) -> Mask:
        """Where the first could act: the others only keep it from entering."""
        own = {name: column for name, column in features.items() if not self._is_others(name)}
        return self._opens.signal.wakes(own, standing, terms)

    def explain(self, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
        from karb_core.ports import Explaining, Explanation, Standing

        told = [(self._opens, self._own(moment), standing)]
        told += [(one, one.seen(moment), Standing()) for one in self._others]
        found = [
            (one, one.signal.explain(seen, stands, terms))
            for one, seen, stands in told
            if isinstance(one.signal, Explaining)
        ]
        bounds = tuple(replace(bound, rule=one.line(bound.rule)) for one, each in found for bound in each.bounds)
        return Explanation(found[0][1].seen if found and found[0][0] is self._opens else (), bounds)

    def _own(self, moment: Moment) -> Moment:
        own = {name: value for name, value in moment.features.items() if not self._is_others(name)}
        return replace(moment, features=own)

    def _is_others(self, name: str) -> bool:
        return any(name.startswith(f"{one.place}.") for one in self._others)

    def _agreed(self, proposal: Proposal, moment: Moment, terms: Terms) -> Proposal | None:
        """With the lines of all that agreed; None for an entry that one of them keeps back."""
        from karb_core.domain.decisions import ProposalKind

        rules = tuple(map(self._opens.line, proposal.rules))
        if proposal.kind is not ProposalKind.ENTRY:
            return replace(proposal, rules=rules)
        wants = {one.place: _wants(one, proposal.side, moment, terms) for one in self._others}
        by = {kind: [p for p in wants if p.startswith(f"{kind}.")] for kind in (_ALL, _ANY, _NOT)}
        kept_back = (
            any(not wants[p] for p in by[_ALL])
            or (by[_ANY] and not any(wants[p] for p in by[_ANY]))
            or any(wants[p] != () for p in by[_NOT])
        )
        if kept_back:
            return None
        agreed = (line for p in (*by[_ALL], *by[_ANY]) for line in wants[p] or ())
        return replace(proposal, rules=(*rules, *agreed, *(f"{p}.use" for p in by[_NOT])))

    @classmethod
    def review(cls, params: WhenParams, file: FileView) -> Iterator[Concern]:  # noqa: ARG003
        """Where nobody else is asked, it is the signal that it names."""
        if params.all_of is None and params.any_of is None and params.not_ is None:
            yield Concern(
                (),
                Words("no other signal is asked", "다른 신호를 묻지 않습니다"),
                Words(
                    "name the signal itself, or write one under `all_of`, `any_of` or `not`",
                    "신호를 직접 쓰거나 `all_of`, `any_of`, `not` 중 하나에 쓰세요",
                ),
                code="K402",
            )


def _wants(one: _Asked, side: str, moment: Moment, terms: Terms) -> tuple[str, ...] | None:
    """The lines by which it would enter on that side, with nothing open; empty where it would not. None where it cannot
    say, as a feature of its is not known."""
    from karb_core.domain.decisions import ProposalKind
    from karb_core.ports import Standing

    own = one.seen(moment)
    judged = one.signal.judge(own, Standing(), terms)
    for proposal in judged.proposals:
        if proposal.kind is ProposalKind.ENTRY and proposal.side == side:
            return tuple(map(one.line, proposal.rules))
    return None if _unknown(own.features) else ()


def _unknown(features: Mapping[str, float | int]) -> bool:
    """Edge: what is no number is not equal to itself; a row that is not there says so by `present`."""
    return any(value != value for value in features.values()) or not all(
        value for name, value in features.items() if name == "present"
    )
