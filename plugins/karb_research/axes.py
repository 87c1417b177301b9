"""What a study tries out, as levels: each with its name in a table and the changes that make it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from karb_core.domain.decisions import Cited
from karb_core.errors import StrategyInvalid
from karb_core.ports import Change, Changes, Points
from karb_core.texts.text import Words
from karb_research import sweep_file

_QUANTITY = re.compile(r"(-?(?:[0-9]+|[0-9]{1,3}(?:[,_][0-9]{3})+)(?:\.[0-9]+)?)( ?[A-Za-z%]*)")
_USE = re.compile(r"\buse: *([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)")
_MOST = 1_000_000  # karb: constant because it bounds memory, and a study of more is a slip of the pen

#: One level of each axis, by its place there.
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """label: what is written; changes: none where it is the file as it is."""

    label: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Axis:
    """`rule`: the pointer that is varied, or the list of gates; levels in the owner's order, neighbours side by side."""

    name: str
    rule: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        return prod(len(axis.levels) for axis in self.axes)

    def place(self, number: int) -> Place:
        """The how-manieth point, counted from nothing; the last axis turns fastest."""
        out = []
        for axis in reversed(self.axes):
            number, level = divmod(number, len(axis.levels))
            out.append(level)
        return tuple(reversed(out))

    def labels(self, place: Place) -> tuple[str, ...]:
        return tuple(axis.levels[at].label for axis, at in zip(self.axes, place, strict=True))

    def changes(self, place: Place) -> Changes:
        return tuple(c for axis, at in zip(self.axes, place, strict=True) for c in axis.levels[at].changes)

    def neighbours(self, place: Place) -> Iterator[Place]:
        """One step away along one axis."""
        for n, (axis, at) in enumerate(zip(self.axes, place, strict=True)):
            for beside in (at - 1, at + 1):
                if 0 <= beside < len(axis.levels):
                    yield (*place[:n], beside, *place[n + 1 :])


def grid_of(path: str, study: sweep_file.StudyFile, points: Points, lines: Mapping[str, Cited]) -> Grid:
    """`lines`: of the strategy file, by pointer. Errors: StrategyInvalid for what the study asks of a line that the file
    does not have, for steps that do not reach the end, and for more points than anybody means."""
    if not study.vary:
        raise _wrong(path, "vary", "nothing is tried out: name a rule", "바꾸어 볼 규칙이 없습니다")
    grid = Grid(tuple(_axis(path, name, axis, points, lines) for name, axis in study.vary.items()))
    if grid.size > _MOST:
        told = f"{grid.size:,}", f"{_MOST:,}"
        raise _wrong(
            path, "vary", f"{told[0]} points: more than {told[1]}", f"점이 {told[0]}개로 {told[1]}개를 넘습니다"
        )
    return grid


def _axis(path: str, name: str, axis: sweep_file.Axis, points: Points, lines: Mapping[str, Cited]) -> Axis:
    at = f"vary.{name}"
    if axis.range is not None:
        written = list(_steps(path, at, axis.range))
        return _of_rule(path, at, axis.range.rule, written, points)
    if axis.values is not None:
        return _of_rule(path, at, axis.values.rule, list(axis.values.of), points)
    if axis.add_gate is not None:
        return Axis(name, "/risk_gates", tuple(_added(axis.add_gate)))
    assert axis.drop_gate is not None
    pointer = _gate(path, at, axis.drop_gate, lines)
    return Axis(name, pointer, (Level("with", ()), Level("without", (Change(pointer, None),))))


def _of_rule(path: str, at: str, rule: str, written: list[str], points: Points) -> Axis:
    if points.written(rule) is None:
        en = f"the strategy has no line {rule}: write its place as in `karb plan --format json`, /signal/with/entry"
        raise _wrong(path, f"{at}.rule", en, f"전략에 {rule} 줄이 없습니다. /signal/with/entry 처럼 자리를 쓰세요")
    levels = tuple(Level(_bare(each), (Change(rule, each),)) for each in written)
    return Axis(at.partition(".")[2], rule, levels)


def _added(gates: tuple[str, ...]) -> Iterator[Level]:
    """Called by its id or use, whole where that says too little."""
    short = [
        next(iter(re.findall(r"\bid: *([a-z][a-z0-9_-]*)", gate) or re.findall(_USE, gate)), gate) for gate in gates
    ]
    yield Level("without", ())
    for name, gate in zip(short, gates, strict=True):
        yield Level(name if short.count(name) == 1 else gate, (Change("/risk_gates/-", gate),))


def _gate(path: str, at: str, name: str, lines: Mapping[str, Cited]) -> str:
    found = dict.fromkeys(
        pointer.rpartition("/")[0]
        for pointer, line in lines.items()
        if re.fullmatch(r"/risk_gates/\d+/(?:id|use)", pointer) and line.written == name
    )
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise _wrong(
            path,
            f"{at}.drop_gate",
            f"more than one gate is `{name}`: name its id",
            f"`{name}` 게이트가 여럿입니다. id를 쓰세요",
        )
    raise _wrong(path, f"{at}.drop_gate", f"the strategy has no gate `{name}`", f"전략에 `{name}` 게이트가 없습니다")


def _steps(path: str, at: str, wanted: sweep_file.Range) -> Iterator[str]:
    """As many decimals as the longer of first value and step has."""
    parts = [(key, _quantity(path, f"{at}.{key}", each)) for key, each in _ends(wanted)]
    units = {unit for _, (_, unit) in parts}
    if len(units) > 1:
        raise _wrong(path, at, "from, to and step need one unit", "from, to, step의 단위가 같아야 합니다")
    first, last, step = (value for _, (value, _) in parts)
    unit = parts[0][1][1]
    if step <= 0 or last < first:
        raise _wrong(
            path, at, "write a step above 0, and `to` above `from`", "step은 0보다 크고 to는 from보다 커야 합니다"
        )
    count, rest = divmod(last - first, step)
    if rest:
        near = f"{first + count * step}{unit}"
        raise _wrong(
            path, f"{at}.to", f"no step reaches it: the last would be {near}", f"간격이 닿지 않습니다. 마지막은 {near}"
        )
    if count >= _MOST:
        raise _wrong(path, at, f"more than {_MOST:,} values", f"값이 {_MOST:,}개를 넘습니다")
    places = max(0, *(-int(value.as_tuple().exponent) for value in (first, step)))
    for n in range(int(count) + 1):
        yield f"{first + n * step:.{places}f}{unit}"


def _ends(wanted: sweep_file.Range) -> tuple[tuple[str, str], ...]:
    return (("from", wanted.from_), ("to", wanted.to), ("step", wanted.step))


def _quantity(path: str, at: str, written: str) -> tuple[Decimal, str]:
    found = _QUANTITY.fullmatch(_bare(written))
    if found is None:
        raise _wrong(
            path,
            at,
            f"`{_bare(written)}` is no quantity that can be stepped: list values",
            f"`{_bare(written)}`: 단계로 나눌 수 없습니다. 값을 나열하세요",
        )
    return Decimal(found[1].replace(",", "").replace("_", "")), found[2]


def _bare(written: str) -> str:
    """As people write it, without the quotes that only a machine needs."""
    told: object = json.loads(written) if written.startswith('"') else written
    return str(told)


def _wrong(path: str, at: str, en: str, ko: str) -> StrategyInvalid:
    return StrategyInvalid(Words(f"{path}: {at}: {en}", f"{path}: {at}: {ko}"))
