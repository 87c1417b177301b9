"""The numbers of a whole package that could be rules nobody wrote."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from karb_core.plugin.hidden_numbers import HiddenNumber, hidden_numbers


def numbers_in_package(module: str) -> list[HiddenNumber]:
    """Of the package that a module belongs to, by file and line; files named from the package's folder.

    Errors: ModuleNotFoundError for none; SyntaxError.
    """
    top = module.partition(".")[0]
    spec = find_spec(top)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module named {top!r}")
    place = Path(spec.origin)
    folder = place.parent if place.name == "__init__.py" else place
    root = folder.parent.as_posix() + "/"
    found = hidden_numbers(folder)
    return [HiddenNumber(number.file.removeprefix(root), number.line, number.what) for number in found]
