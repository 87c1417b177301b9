"""What a parameter class may not declare: checked while the class is made, so such a class cannot be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from karb_core.rules.choices import Given
from karb_core.rules.roles import Role

_OWNED = {Role.RULE, Role.ASSUMPTION, Role.WIRING, Role.COMPONENT}
_KEPT = ("frozen", "strict", "validate_default")


def check_class(cls: type[BaseModel]) -> None:
    """Errors: TypeError, naming the field, where a rule could get a value from code."""
    _check_config(cls)
    _check_validators(cls)
    for name, field in cls.model_fields.items():
        _check_field(f"{cls.__name__}.{name}", field)


def role_of(field: FieldInfo) -> Role:
    extra = field.json_schema_extra
    return Role(str(extra["x-karb-role"])) if isinstance(extra, dict) and "x-karb-role" in extra else Role.RULE


def _check_config(cls: type[BaseModel]) -> None:
    config: Mapping[str, Any] = cls.model_config
    for key in _KEPT:
        if config.get(key) is not True:
            raise TypeError(f"{cls.__name__}: a parameter class stays {key}")
    if config.get("extra") != "forbid" and not _typed_extra(cls):
        raise TypeError(f"{cls.__name__}: unknown keys are refused; name their type in __pydantic_extra__ to take them")


def _check_validators(cls: type[BaseModel]) -> None:
    decorators = cls.__pydantic_decorators__
    validators: dict[str, Any] = {**decorators.model_validators, **decorators.field_validators}
    for name, decorator in validators.items():
        ours = getattr(decorator.func, "__module__", "").startswith("karb_core.rules.")
        if decorator.info.mode != "after" and not ours:
            raise TypeError(f"{cls.__name__}.{name}: a validator that runs before could give a rule a value")


def _check_field(where: str, field: FieldInfo) -> None:
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "x-karb-role" not in extra:
        raise TypeError(f"{where}: declare it with rule(...), assumption(...), wiring(...) or tech(default, ...)")
    role = role_of(field)
    if not (field.description or "").strip():
        raise TypeError(f"{where}: needs a description: the owner reads it")
    absent = "x-karb-absent" in extra and field.default is None and field.default_factory is None
    if absent and not any(isinstance(m, Given) for m in field.metadata):
        raise TypeError(f"{where}: its type is IfGiven[...], so that an empty value is no answer")
    if role in _OWNED and not field.is_required() and not absent:
        raise TypeError(f"{where}: a {role} may not have a default in code")
    if role is Role.TECH and field.is_required():
        raise TypeError(f"{where}: a technical setting needs a default")
    if not all(isinstance(choice, str) for choice in _choices(field.annotation)):
        raise TypeError(f"{where}: choices are words; a number has a type of its own, a permission is Granted")
    if _mentions_float(field.annotation):
        raise TypeError(f"{where}: use Decimal, Ratio or Money, not binary float")


def _choices(annotation: Any) -> Iterator[object]:
    """Those of every `Literal`: pydantic takes 1, 1.0 and true for one and the same."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)


def _mentions_float(annotation: Any) -> bool:
    if annotation is float or annotation is complex:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return not getattr(annotation, "karb_block", False)
    return any(_mentions_float(a) for a in get_args(annotation))


def _typed_extra(cls: type[BaseModel]) -> bool:
    named = (b for b in cls.__mro__ if "__pydantic_extra__" in b.__dict__.get("__annotations__", {}))
    return next(named, BaseModel) is not BaseModel
