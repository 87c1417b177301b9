"""The table of everything a file decides: each value with its role, its place and its spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.finding import Mark
from karb_core.rulebook.reader import Document
from karb_core.rulebook.strategy_file import StrategyFile
from karb_core.rules.canonical import Canonical, canonical
from karb_core.rules.class_check import role_of
from karb_core.rules.params import Params
from karb_core.rules.roles import Role, described
from karb_core.rules.shape import Path, port_of, slots_and_values
from karb_core.rules.slot import Slot
from karb_core.texts.text import Words

#: What a value of a notifier says changes no order.
_UNRULED_PORTS = {"notifier"}
#: The section that states what the rules come to, and nothing that is done.
_UNAPPROVED = ("tests",)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One value in force.

    `pointer`: its place as a JSON pointer, which a decision cites; `section`: the block it is shown under;
    `use`: the component it belongs to, empty for the core's own; `name`: its path inside that;
    `value`: canonical; `written`: as the owner spelt it, None for a default of a technical setting.
    """

    pointer: str
    section: str
    use: str
    name: str
    role: Role
    value: Canonical
    written: str | None
    mark: Mark | None
    description: Words
    tighter: str | None = None

    @property
    def ruled(self) -> bool:
        """Whether the owner's approval covers it: rules and wiring, of whatever can reach an order."""
        return self.role in (Role.RULE, Role.WIRING)


def rule_lines(document: Document, file: StrategyFile, seats: tuple[Seat, ...]) -> tuple[RuleLine, ...]:
    """In the order of the file's sections, components where they stand."""
    lines = [*_of_block(document, file, (), "", None), *(line for seat in seats for line in _of_seat(document, seat))]
    order = {name: i for i, name in enumerate(StrategyFile.model_fields)}
    return tuple(sorted(lines, key=lambda line: order.get(line.section, len(order))))


def rewritten_lines(document: Document, before: tuple[RuleLine, ...], seat: Seat) -> tuple[RuleLine, ...]:
    """`before`, where only this seat's parameters are others."""
    place = pointer(seat.path) + "/"
    mine = [at for at, line in enumerate(before) if line.pointer.startswith(place)]
    return (*before[: mine[0]], *_of_seat(document, seat), *before[mine[-1] + 1 :])


def pointer(path: Path) -> str:
    """RFC 6901."""
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1") for p in path)


def _of_seat(document: Document, seat: Seat) -> Iterator[RuleLine]:
    told = seat.port in _UNRULED_PORTS
    chosen = _choosing(str(seat.path[0]), told)
    yield _line(document, (*seat.path, "use"), seat.use, "use", chosen, seat.use, seat.offer.summary)
    if seat.at:
        yield _line(
            document,
            (*seat.path, "at"),
            seat.use,
            "at",
            Role.RULE,
            list[Canonical](sorted(seat.at)),
            Words("where it is asked", "묻는 곳"),
        )
    if seat.id is not None:
        yield _line(document, (*seat.path, "id"), seat.use, "id", Role.TECH, seat.id, Words("its name", "이름"))
    yield from _of_block(document, seat.params, (*seat.path, "with"), seat.use, Role.TECH if told else None)
    for inner in seat.inner:
        yield from _of_seat(document, inner)


def _of_block(document: Document, block: Params, path: Path, use: str, forced: Role | None) -> Iterator[RuleLine]:
    for inside, _, _, field, value in slots_and_values(block, path):
        if inside[:1] == _UNAPPROVED:
            continue
        if isinstance(value, Slot) or (field is not None and role_of(field) is Role.COMPONENT and not _is_word(value)):
            continue
        absent = inside not in document.values
        own = Role.RULE if field is None else role_of(field)
        if absent and own is not Role.TECH:
            continue  # a grant that was not given, an alternative that was not chosen
        role = forced or own
        extra = field.json_schema_extra if field is not None else None
        tighter = extra.get("x-karb-tighter") if isinstance(extra, dict) else None
        name = ".".join(str(p) for p in inside[len(path) :])
        told = described(field) if field is not None else Words("")
        # `paper: none`, `notifiers: []`: a place left empty counts as what could stand there.
        kind = _choosing(str(inside[0]), port_of(field) in _UNRULED_PORTS) if field and role is Role.COMPONENT else role
        yield _line(document, inside, use, name, kind, canonical(value), told, str(tighter) if tighter else None)


def _choosing(section: str, told: bool) -> Role:
    """What it is to name a component, or none, at a place of this section."""
    return Role.TECH if told else Role.ASSUMPTION if section == "simulate" else Role.RULE


def _is_word(value: object) -> bool:
    return value is None or value == ()


def _line(
    document: Document,
    path: Path,
    use: str,
    name: str,
    role: Role,
    value: Canonical,
    told: Words,
    tighter: str | None = None,
) -> RuleLine:
    given = path in document.values
    return RuleLine(
        pointer=pointer(path),
        section=str(path[0]),
        use=use,
        name=name,
        role=role,
        value=value,
        written=_written(document, path) if given else None,
        mark=document.mark(path) if given else None,
        description=told,
        tighter=tighter,
    )


def _written(document: Document, path: Path) -> str:
    """As the owner spelt it; a list or block is put together from its own lines."""
    if path in document.written:
        return document.written[path]
    inside = [p for p in document.written if p[: len(path)] == path]
    return "[" + ", ".join(document.written[p] for p in inside) + "]"
