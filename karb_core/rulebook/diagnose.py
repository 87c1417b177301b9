"""From a model's mistakes to findings a person can act on: one for each thing that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.reader import Document
from karb_core.rules.mistakes import Kind, Mistake
from karb_core.rules.params import Params
from karb_core.rules.roles import described
from karb_core.rules.shape import Path, keys_of
from karb_core.rules.slot import Slot
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is spoken of: a component by its `use`, or the file itself (`use` empty). `beside`: what stands by `use:`."""

    use: str
    model: type[Params]
    path: Path
    mark: Mark
    beside: Mapping[str, Any] | None = None


def findings_of(document: Document, subject: Subject, mistakes: list[Mistake]) -> Iterator[Finding]:
    """An unknown key and a missing one that look alike are one mistake; a missing one that stands one level up
    was said there."""
    unknown = [m for m in mistakes if m.kind is Kind.UNKNOWN]
    missing = [m for m in mistakes if m.kind is Kind.MISSING and not _stands_beside(subject, m)]
    for mistake in unknown:
        twin = _twin(mistake, missing)
        if twin is not None:
            missing.remove(twin)
        yield _unknown(document, subject, mistake, twin)
    for mistake in missing:
        yield _missing(document, subject, mistake)
    for mistake in mistakes:
        if mistake.kind is Kind.VALUE:
            yield _value(document, subject, mistake)


def _twin(mistake: Mistake, missing: list[Mistake]) -> Mistake | None:
    rivals = {m.key: m for m in missing if m.path[:-1] == mistake.path[:-1] and m.key is not None}
    near = _without_colon(mistake, rivals) or next(iter(get_close_matches(mistake.key or "", rivals, 1, 0.6)), None)
    return rivals[near] if near else None


def _without_colon(mistake: Mistake, keys: Iterable[str]) -> str | None:
    """In braces `{band 20bp}` and `{band:20bp}` are keys without values."""
    return next(
        (key for key in keys if mistake.input is None and re.match(f"{re.escape(key)}[ :]", str(mistake.key))), None
    )


def _stands_beside(subject: Subject, mistake: Mistake) -> bool:
    return len(mistake.path) == 1 and subject.beside is not None and mistake.key in subject.beside


def _unknown(document: Document, subject: Subject, mistake: Mistake, twin: Mistake | None) -> Finding:
    mark, key = document.key_mark((*subject.path, *mistake.path)), str(mistake.key)
    known = list(keys_of(mistake.owner))
    near = twin.key if twin else next(iter(get_close_matches(key, known, 1, 0.6)), None)
    help_ = _key_help(_without_colon(mistake, known), near, known)
    if issubclass(mistake.owner, Slot):
        if not near and key != "at":
            help_ = Text("slot.move", {"key": key})
        return Finding("K204", Text("slot.beside", {"key": key}), mark, help_)
    if not subject.use and len(mistake.path) == 1:
        return Finding("K202", Text("section.unknown", {"key": key}), mark, help_)
    who = _who(subject, mistake.path[:-1])
    return Finding("K301", Text("key.unknown", {"who": who, "key": key}), mark, help_)


def _key_help(joined: str | None, near: str | None, known: list[str]) -> Text:
    if joined is not None:
        return Text("key.no_colon", {"near": joined})
    return Text("did_you_mean", {"near": near}) if near else Text("known_keys", {"keys": ", ".join(known)})


def _missing(document: Document, subject: Subject, mistake: Mistake) -> Finding:
    key = str(mistake.key)
    field = keys_of(mistake.owner)[key][1]
    block = mistake.path[:-1]
    mark = document.key_mark((*subject.path, *block)) if block else subject.mark
    example = next(iter(field.examples or ()), None)
    wanted = f"{key}: {example}" if example is not None else f"{key}:"
    help_ = Text("missing.help", {"description": described(field), "wanted": wanted})
    if issubclass(mistake.owner, Slot):
        said = Text("slot.no_use") if key == "use" else Text("slot.no_key", {"key": key})
        mark = document.mark((*subject.path, *block, "use"))
        return Finding("K205", said, mark, help_)
    if not subject.use and not block:
        return Finding("K209", Text("section.missing", {"key": key}), mark, help_)
    return Finding("K302", Text("key.missing", {"who": _who(subject, block), "key": key}), mark, help_)


def _value(document: Document, subject: Subject, mistake: Mistake) -> Finding:
    path = (*subject.path, *mistake.path)
    name = ".".join(str(p) for p in mistake.path) or subject.use
    field = keys_of(mistake.owner).get(mistake.key or "")
    swapped = _list_or_block(document, mistake, path)
    if swapped is not None:
        return swapped
    mark = document.mark(path)
    help_ = (
        _nearest_choice(mistake)
        or _taken_for_comment(document, mark, mistake)
        or (described(field[1]) if field else None)
    )
    key = "value.wrong" if mistake.path else "value.whole"
    return Finding("K303", Text(key, {"name": name, "what": mistake.text}), mark, help_)


def _nearest_choice(mistake: Mistake) -> Text | None:
    """Where one of a few words was meant, the one that looks like what is written."""
    if mistake.text.key != "choice.none_of" or not isinstance(mistake.input, str):
        return None
    near = get_close_matches(mistake.input.lower(), str(mistake.text.args["choices"]).split(", "), 1, 0.6)
    return Text("did_you_mean", {"near": near[0]}) if near else None


def _taken_for_comment(document: Document, mark: Mark, mistake: Mistake) -> Text | None:
    """`channel: #kimp` has no value: what was meant for one is a comment."""
    if mistake.input is not None:
        return None
    comment = re.search(r":\s+(#[^\s#]\S*)", document.source.lines[mark.line - 1][mark.column - 1 :])
    return Text("value.comment", {"comment": comment[1]}) if comment else None


def _list_or_block(document: Document, mistake: Mistake, path: Path) -> Finding | None:
    """A section that is a list was written as a block, or the other way round."""
    name = str(path[-1]) if path else ""
    if mistake.text.key == "list.expected" and isinstance(mistake.input, dict):
        return Finding(
            "K203", Text("shape.list", {"name": name}), document.key_mark(path), Text("shape.list.help", {"name": name})
        )
    if mistake.text.key == "block.expected" and isinstance(mistake.input, list):
        return Finding(
            "K203",
            Text("shape.block", {"name": name}),
            document.key_mark(path),
            Text("shape.block.help", {"name": name}),
        )
    return None


def _who(subject: Subject, block: Path) -> str:
    inside = ".".join(str(p) for p in block)
    if not subject.use:
        return f"`{inside}`"
    return f"{subject.use}, `{inside}`" if inside else subject.use
