"""Reads a block by its class, and says what is wrong in terms of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from karb_core.rules.choices import WordOr
from karb_core.rules.shape import Path, keys_of, locate
from karb_core.rules.written import as_written
from karb_core.texts.text import Text

M = TypeVar("M", bound=BaseModel)


class Kind(StrEnum):
    UNKNOWN = "unknown"
    MISSING = "missing"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong: at `path`, in block `owner`, about `key` of it (None for the block itself)."""

    kind: Kind
    path: Path
    owner: type[BaseModel]
    key: str | None
    text: Text
    input: object = None


def read_block(model: type[M], data: object) -> M | list[Mistake]:
    """The validated block, or everything that is wrong with it. Never raises for what a person wrote."""
    try:
        return model.model_validate(data)
    except ValidationError as e:
        return [_mistake(model, dict(error)) for error in e.errors(include_url=False)]


def _mistake(model: type[BaseModel], error: Mapping[str, Any]) -> Mistake:
    path, owner, key = locate(model, error["loc"])
    kind = {"missing": Kind.MISSING, "extra_forbidden": Kind.UNKNOWN}.get(error["type"], Kind.VALUE)
    return Mistake(kind, path, owner, key, _text(error, owner, key), error.get("input"))


def _text(error: Mapping[str, Any], owner: type[BaseModel], key: str | None) -> Text:
    context = dict(error.get("ctx") or {})
    written = as_written(error.get("input"))
    if error.get("input") is None and error["type"] not in ("missing", "word.empty"):
        return Text("value.empty", {})
    match error["type"]:
        case "literal_error":
            return Text("choice.none_of", {"written": written, "choices": _choices(owner, key, context)})
        case "model_type" | "dict_type" | "mapping_type" | "model_attributes_type":
            return Text("block.expected", {"written": written})
        case "bool_type" | "bool_parsing":
            return Text("bool.expected", {"written": written})
        case "string_type":
            return Text("text.expected", {"written": written})
        case "int_type" | "int_parsing" | "int_from_float":
            return Text("number.whole", {"written": written})
        case "missing" | "extra_forbidden":
            return Text("", {})
        case kind if "key" in context:
            return Text(kind, {k: v for k, v in context.items() if k != "key"})
        case _:
            return Text("value.other", {"written": written, "message": error["msg"]})


def _choices(owner: type[BaseModel], key: str | None, context: Mapping[str, Any]) -> str:
    field = keys_of(owner).get(key or "")
    words = [*_literals(field[1].annotation), *_words(field[1].metadata)] if field else []
    return ", ".join(map(str, words)) or str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")


def _words(metadata: Iterable[object]) -> list[object]:
    return [marker.word for marker in metadata if isinstance(marker, WordOr)]


def _literals(annotation: Any) -> list[object]:
    args = get_args(annotation)
    if args and all(isinstance(a, str | int | bool) for a in args):
        return list(args)
    return [word for a in args for word in _literals(a)]
