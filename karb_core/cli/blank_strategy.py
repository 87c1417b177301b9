"""The text of a strategy file whose every rule is still its owner's to write."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.plugin.offer import Offer
from karb_core.rulebook.strategy_file import FORMAT, StrategyFile
from karb_core.rules.class_check import role_of
from karb_core.rules.roles import Role, described
from karb_core.rules.shape import Block, KeyField, Shape, extra_shape, keys_of, shape_of, shape_of_field
from karb_core.rules.slot import Slot
from karb_core.texts.text import Text, render

_WIDTH = 34


def blank_strategy(name: str, offers: list[Offer], lang: str = "en") -> str:
    """Sections in order; a section whose component was not named shows where it goes."""
    schema = "strategy.ko.schema.json" if lang == "ko" else "strategy.schema.json"
    head = [f"# yaml-language-server: $schema=../schemas/{schema}", "", f"karb: {FORMAT}", f"name: {name}"]
    lines = [*head, *_sections(offers, lang)]
    return "\n".join(map(_aligned, lines)) + "\n"


def _sections(offers: list[Offer], lang: str) -> Iterator[str]:
    for key, (_, field) in keys_of(StrategyFile).items():
        if key in ("karb", "name") or not field.is_required():
            continue
        shape = shape_of_field(field)
        if role_of(field) is Role.COMPONENT and not _is_block(shape):
            yield from _places(
                key, field, [o for o in offers if o.port == _port(field)], lang, is_list=shape.items is not None
            )
        elif role_of(field) is Role.COMPONENT and shape.block is not None:
            yield _commented(f"{key}:", field, lang)
            for inner, (_, place) in keys_of(shape.block).items():
                chosen = [o for o in offers if o.port == _port(place) and key != "simulate"]
                yield from _indented(_places(inner, place, chosen[:1], lang, is_list=False))
        else:
            yield from _value(key, field, lang)


def _is_block(shape: Shape) -> bool:
    return shape.block is not None and not issubclass(shape.block, Slot)


def _port(field: KeyField) -> str:
    extra = field.json_schema_extra
    return str(extra.get("x-karb-port", "")) if isinstance(extra, dict) else ""


def _places(key: str, field: KeyField, offers: list[Offer], lang: str, is_list: bool) -> Iterator[str]:
    yield _commented(f"{key}:", field, lang)
    if not offers:
        yield f"  # karb list {_port(field)}"
    for offer in offers if is_list else offers[:1]:
        yield f"  {'- ' if is_list else ''}use: {offer.use}"
        indent = "    " if is_list else "  "
        if offer.port == "risk_gate":
            yield f"{indent}at:\t# entry, exit"
        rows = list(_block(offer.params, lang))
        if rows:
            yield f"{indent}with:"
            yield from (f"{indent}  {row}" for row in rows)


def _block(model: type[Block], lang: str) -> Iterator[str]:
    for key, (_, field) in keys_of(model).items():
        if field.is_required():
            yield from _value(key, field, lang)
    extra = extra_shape(model)
    if extra is not None and extra.block is not None:
        yield f"# NAME:\t# {render(Text('new.named'), lang)}"
        yield from (f"#   {row}" for row in _block(extra.block, lang))


def _value(key: str, field: KeyField, lang: str) -> Iterator[str]:
    yield _commented(f"{key}:", field, lang)
    shape = shape_of_field(field)
    if shape.named is not None:
        inner = shape_of(shape.named)
        yield f"  # NAME:\t# {render(Text('new.named'), lang)}"
        if inner.block is not None:
            yield from (f"  #   {row}" for row in _block(inner.block, lang))
    elif shape.block is not None:
        yield from _indented(_block(shape.block, lang))


def _commented(text: str, field: KeyField, lang: str) -> str:
    example = next(iter(field.examples or ()), None)
    told = render(described(field), lang)
    hint = f"  ({example})" if example is not None else ""
    return f"{text}\t# {told}{hint}"


def _aligned(line: str) -> str:
    """Comments in one column, however deep their key stands."""
    head, _, told = line.partition("\t")
    return f"{head:<{_WIDTH}} {told}" if told else line


def _indented(rows: Iterator[str]) -> Iterator[str]:
    return (f"  {row}" for row in rows)
