"""What a parameter class looks like from outside: its keys, blocks, lists and component places."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from karb_core.rules.slot import Slot

Path = tuple[str | int, ...]
#: A block's class and a key's declaration, for whoever only looks at them.
Block = BaseModel
KeyField = FieldInfo


@dataclass(frozen=True, slots=True)
class Shape:
    """One of: a block (one model, or several told apart by a tag), a list, a map of names, or a leaf."""

    block: type[BaseModel] | None = None
    tagged: Mapping[str, type[BaseModel]] | None = None
    items: Any = None
    named: Any = None


def shape_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    """Looks through Annotated and `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return shape_of(inner, (*more, *metadata))
    if origin in (Union, types.UnionType):
        members = [a for a in get_args(annotation) if a is not type(None)]
        if len(members) == 1:
            return shape_of(members[0], metadata)
        tag = next((m.discriminator for m in metadata if getattr(m, "discriminator", None)), None)
        return Shape(tagged=_by_tag(members, tag)) if isinstance(tag, str) else Shape()
    if origin in (list, tuple):
        return Shape(items=get_args(annotation)[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Shape(named=get_args(annotation)[1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(block=annotation)
    return Shape()


@cache
def keys_of(model: type[BaseModel]) -> dict[str, tuple[str, FieldInfo]]:
    """Each key as the owner writes it, with the attribute's name and its field. One for all who ask: to be read only."""
    return {field.alias or name: (name, field) for name, field in model.model_fields.items()}


def shape_of_field(field: FieldInfo) -> Shape:
    return shape_of(field.annotation, (*field.metadata, field))


@cache
def extra_shape(model: type[BaseModel]) -> Shape | None:
    """The shape of the keys a class takes beyond its fields, where it names their type."""
    for base in model.__mro__:
        declared = base.__dict__.get("__annotations__", {}).get("__pydantic_extra__")
        if declared is not None and base is not BaseModel:
            resolved = declared if not isinstance(declared, str) else _resolve(base, declared)
            return shape_of(get_args(resolved)[1])
    return None


def locate(model: type[BaseModel], loc: Path) -> tuple[Path, type[BaseModel], str | None]:
    """Where in the file a model's complaint belongs: its path without pydantic's tags, and who lacks what.

    Returns the path, the innermost block that owns it, and the key in that block (None for the block).
    """
    path: list[str | int] = []
    owner, key, shape, rest = model, None, Shape(block=model), list(loc)
    while rest:
        if shape.tagged is not None:
            chosen = shape.tagged.get(str(rest.pop(0)))
            if chosen is None:
                break
            shape = Shape(block=chosen)
        elif shape.block is not None:
            owner, key = shape.block, str(rest.pop(0))
            path.append(key)
            found = keys_of(owner).get(key)
            shape = shape_of_field(found[1]) if found else (extra_shape(owner) or Shape())
        elif shape.items is not None or shape.named is not None:
            path.append(rest.pop(0))
            shape, key = shape_of(shape.items if shape.items is not None else shape.named), None
        else:
            break
    return tuple(path), owner, key


def slots_and_values(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, BaseModel, str, FieldInfo | None, Any]]:
    """Every leaf of validated parameters in the order of the class: path, owning block, attribute, field, value."""
    for key, (name, field) in keys_of(type(model)).items():
        yield from _leaves((*path, key), model, name, field, getattr(model, name))
    for key, value in (model.model_extra or {}).items():
        yield from _leaves((*path, key), model, key, None, value)


def _leaves(
    path: Path, owner: BaseModel, name: str, field: FieldInfo | None, value: Any
) -> Iterator[tuple[Path, BaseModel, str, FieldInfo | None, Any]]:
    if isinstance(value, BaseModel) and not isinstance(value, Slot):
        yield from slots_and_values(value, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves((*path, key), owner, name, field, item)
    elif isinstance(value, tuple) and any(isinstance(v, BaseModel) for v in value):
        for i, item in enumerate(value):
            yield from _leaves((*path, i), owner, name, field, item)
    else:
        yield path, owner, name, field, value


def _by_tag(members: list[Any], tag: str) -> dict[str, type[BaseModel]]:
    return {str(value): m for m in members for value in get_args(m.model_fields[tag].annotation)}


def _resolve(owner: type[BaseModel], declared: str) -> Any:
    import sys

    return eval(declared, vars(sys.modules[owner.__module__]))


def at(data: Any, path: Path) -> Any:
    """What stands there; None for nothing."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a component in raw data: where, for which port, and what was written there."""

    path: Path
    port: str
    written: Any


def places(model: type[BaseModel], data: Any, path: Path = ()) -> Iterator[Place]:
    """Every place for a component that the data fill, whatever else is wrong with them."""
    if not isinstance(data, dict):
        return
    for key, shape, port in _laid_out(model):
        if key in data:
            yield from _places(shape, data[key], (*path, key), port)
    extra = extra_shape(model)
    for key in data.keys() - keys_of(model).keys() if extra else ():
        yield from _places(extra or Shape(), data[key], (*path, key), "")


@cache
def _laid_out(model: type[BaseModel]) -> tuple[tuple[str, Shape, str], ...]:
    return tuple((key, shape_of_field(field), port_of(field)) for key, (_, field) in keys_of(model).items())


def _places(shape: Shape, data: Any, path: Path, port: str) -> Iterator[Place]:
    if shape.block is not None and issubclass(shape.block, Slot):
        yield Place(path, port, data)
    elif shape.block is not None:
        yield from places(shape.block, data, path)
    elif shape.items is not None and isinstance(data, list):
        for i, item in enumerate(data):
            yield from _places(shape_of(shape.items), item, (*path, i), port)
    elif shape.named is not None and isinstance(data, dict):
        for key, item in data.items():
            yield from _places(shape_of(shape.named), item, (*path, key), port)


def port_of(field: FieldInfo) -> str:
    """The port of a place for components, empty for any other field."""
    extra = field.json_schema_extra
    return str(extra.get("x-karb-port", "")) if isinstance(extra, dict) else ""
