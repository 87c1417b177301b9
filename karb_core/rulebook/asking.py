"""Asks a component class something about itself; whatever it raises is its own fault and is said as such."""

from __future__ import annotations

from typing import Any

from karb_core.rules.params import Params
from karb_core.rules.shape import Path


class ComponentRaised(Exception):
    """A component could not say what it was asked. `path` is where the file names it."""

    def __init__(self, use: str, path: Path, error: BaseException) -> None:
        super().__init__(f"{use}: {type(error).__name__}: {error}")
        self.use = use
        self.path = path
        self.error = error


def asked(component: type[Any], use: str, path: Path, name: str, params: Params, *more: object) -> Any:
    """The answer of `component.name(params, ...)`; None where it has no such method. Errors: ComponentRaised."""
    method = getattr(component, name, None)
    if method is None:
        return None
    try:
        return method(params, *more)
    except Exception as e:
        raise ComponentRaised(use, path, e) from e
