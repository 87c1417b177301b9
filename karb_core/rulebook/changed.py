"""A file that was read, with some of its lines written otherwise: in memory, never on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from karb_core.ports.points import NEXT, Change
from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.source import Source
from karb_core.rules.shape import Path, at

_KEY = "v"
_CACHED = 4096  # karb: constant because it bounds memory, not what is read


def changed(document: Document, changes: Sequence[Change]) -> Document:
    """What would have been read if the file said so. What is wrong with a written value is found at the place it changes.

    Values are read as strictly as the file. Errors: LookupError for a pointer to what the file does not have.
    """
    out = _copied(document)
    places = [(path_of(document, change.pointer), change.written) for change in changes]
    for path, written in places:
        if written is not None and path[-1:] != (NEXT,):
            _put(out, path, _value(written))
    for path in _deepest_last_first(path for path, written in places if written is None):
        _take_out(out, path)
    for path, written in places:
        if written is not None and path[-1:] == (NEXT,):
            _put(out, (*path[:-1], len(at(out.data, path[:-1]))), _value(written))
    return out


def places_of(document: Document, changes: Sequence[Change]) -> list[Path]:
    """Where something is read otherwise. An item that goes or comes is a change of its list, as others may move."""
    paths = [(path_of(document, change.pointer), change.written) for change in changes]
    return [path[:-1] if written is None or path[-1] == NEXT else path for path, written in paths]


def path_of(document: Document, pointer: str) -> Path:
    """The place that a pointer names. Errors: LookupError where the file has no such place."""
    path: Path = ()
    for word in pointer.split("/")[1:]:
        name, inside = word.replace("~1", "/").replace("~0", "~"), at(document.data, path)
        path = (*path, int(name) if isinstance(inside, list) and name.isascii() and name.isdigit() else name)
    if not path or (path not in document.values and not _is_next(document, path)):
        raise LookupError(pointer)
    return path


def _is_next(document: Document, path: Path) -> bool:
    return path[-1] == NEXT and isinstance(at(document.data, path[:-1]), list)


def _deepest_last_first(paths: Iterable[Path]) -> list[Path]:
    """So that no place moves before it is taken out."""
    # karb: constant because it is a width, so that places sort by number
    return sorted(set(paths), key=lambda path: (len(path), [str(step).rjust(9) for step in path]), reverse=True)


@lru_cache(maxsize=_CACHED)
def _value(written: str) -> Document:
    return read(Source.of_text(f"{_KEY}: {written}", written))


def _copied(document: Document) -> Document:
    return replace(
        document,
        keys=dict(document.keys),
        values=dict(document.values),
        written=dict(document.written),
        findings=list(document.findings),
        soft=dict(document.soft),
    )


def _put(out: Document, path: Path, told: Document) -> None:
    mark, order = out.mark(path), list(out.written)
    _forget(out, path)
    if not isinstance(told.data, dict) or list(told.data) != [_KEY]:
        out.findings += [_at(finding, mark) for finding in told.findings]
        out.values[path] = mark
        out.data = _with(out.data, path, None)
        return
    out.data = _with(out.data, path, told.data[_KEY])
    out.findings += [_at(finding, mark) for finding in told.findings]
    for inner in told.values:
        if inner:
            out.values[(*path, *inner[1:])] = mark
    out.keys |= {(*path, *inner[1:]): mark for inner in told.keys if len(inner) > 1}
    _write(out, order, path, {(*path, *inner[1:]): text for inner, text in told.written.items()})
    out.soft |= {(*path, *inner[1:]): _at(finding, mark) for inner, finding in told.soft.items()}


def _write(out: Document, order: list[Path], path: Path, new: dict[Path, str]) -> None:
    """In the place of what stood there before, as lists are told by the order of their items."""
    reach = len(path)
    first = next((n for n, known in enumerate(order) if known[:reach] == path), len(order))
    before = {known: out.written[known] for known in order[:first] if known in out.written}
    out.written = before | new | out.written


def _at(finding: Finding, mark: Mark) -> Finding:
    return replace(finding, mark=mark, notes=())


def _forget(out: Document, path: Path) -> None:
    """The value and all inside it; its key stays."""
    reach = len(path)
    for table in (out.values, out.written, out.soft):
        for inner in [known for known in table if known[:reach] == path]:
            del table[inner]
    for inner in [known for known in out.keys if len(known) > reach and known[:reach] == path]:
        del out.keys[inner]


def _take_out(out: Document, path: Path) -> None:
    _forget(out, path)
    out.keys.pop(path, None)
    *above, last = path
    held = at(out.data, tuple(above))
    if isinstance(last, int) and isinstance(held, list):
        out.data = _with(out.data, tuple(above), [*held[:last], *held[last + 1 :]])
        _move_up(out, tuple(above), last)
    elif isinstance(held, dict):
        out.data = _with(out.data, tuple(above), {key: value for key, value in held.items() if key != last})


def _move_up(out: Document, above: Path, gone: int) -> None:
    """The items behind one that was taken out of a list."""
    depth = len(above)

    def moved(path: Path) -> Path:
        step = path[depth] if len(path) > depth else None
        if path[:depth] != above or not isinstance(step, int) or step <= gone:
            return path
        return (*above, step - 1, *path[depth + 1 :])

    out.keys = {moved(path): mark for path, mark in out.keys.items()}
    out.values = {moved(path): mark for path, mark in out.values.items()}
    out.written = {moved(path): text for path, text in out.written.items()}
    out.soft = {moved(path): finding for path, finding in out.soft.items()}


def _with(data: Any, path: Path, value: Any) -> Any:
    """The same data with another value at one place, sharing the rest."""
    if not path:
        return value
    step, *rest = path
    if isinstance(data, list):
        assert isinstance(step, int)
        inner = _with(data[step] if step < len(data) else None, tuple(rest), value)
        return [*data[:step], inner, *data[step + 1 :]]
    return {**data, step: _with(data.get(step), tuple(rest), value)}
