"""The text of a strategy file with some of its lines written otherwise, everything else to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from karb_core.errors import StrategyInvalid
from karb_core.ports.points import NEXT, Change
from karb_core.rulebook.changed import changed, path_of
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.source import Source
from karb_core.rulebook.yaml_nodes import compose
from karb_core.rules.shape import Path
from karb_core.texts.text import Text


@dataclass(frozen=True, slots=True)
class _Edit:
    """From one letter of the text to another, what stands there instead."""

    start: int
    end: int
    text: str


def rewritten(document: Document, changes: Sequence[Change]) -> str:
    """The text that reads as `changed(document, changes)`: it is read again to be sure.

    A comment behind a value stays; one on a line that goes, goes. Errors: LookupError for a pointer to what the file does
    not have; StrategyInvalid where the text cannot be changed in place.
    """
    text = document.source.text
    edits = [_edit(document, change) for change in changes]
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    again, meant = read(Source.of_text(text, document.source.name)), changed(document, changes)
    if again.data != meant.data or again.written != meant.written:
        pointers = ", ".join(change.pointer for change in changes)
        raise StrategyInvalid(Text("changed.not_in_place", {"path": document.source.name, "pointers": pointers}))
    return text


def _edit(document: Document, change: Change) -> _Edit:
    text, path = document.source.text, path_of(document, change.pointer)
    root = compose(document.source)
    assert isinstance(root, MappingNode)
    if path[-1] == NEXT:
        return _added(text, _node(root, path[:-1]), str(change.written))
    node = _node(root, path)
    if change.written is None:
        return _removed(text, _node(root, path[:-1]), node)
    return _Edit(node.start_mark.index, _end(node), change.written)


def _node(node: Node, path: Path) -> Node:
    for step in path:
        if isinstance(node, SequenceNode):
            assert isinstance(step, int)
            node = node.value[step]
        else:
            assert isinstance(node, MappingNode)
            node = next(value for key, value in node.value if key.value == step)
    return node


def _flows(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _end(node: Node) -> int:
    """Behind its last letter: a block's own end is where the next thing begins."""
    if isinstance(node, ScalarNode) or _flows(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _added(text: str, held: Node, written: str) -> _Edit:
    """An item behind the last."""
    end = _end(held)
    if _flows(held) and held.value:
        last = _end(held.value[-1])
        return _Edit(last, last, f", {written}")
    if _flows(held):
        return _Edit(held.start_mark.index, end, f"[{written}]")
    line_end = _line_end(text, end)
    return _Edit(line_end, line_end, "\n" + " " * held.start_mark.column + f"- {written}")


def _removed(text: str, held: Node, node: Node) -> _Edit:
    """An item or a key with its value: its lines in a block, itself and a comma in a flow. The last one leaves `[]`, `{}`."""
    spans = [(start.start_mark.index, _end(end)) for start, end in _items(held)]
    if len(spans) == 1:
        return _Edit(held.start_mark.index, _end(held), "[]" if isinstance(held, SequenceNode) else "{}")
    place = next(at for at, (_, end) in enumerate(_items(held)) if end is node)
    start, end = spans[place]
    if not _flows(held):
        return _Edit(text.rfind("\n", 0, start), _line_end(text, end), "")
    return _Edit(spans[place - 1][1], end, "") if place else _Edit(start, spans[1][0], "")


def _items(held: Node) -> list[tuple[Node, Node]]:
    """Where each begins, and what it ends with."""
    return [item if isinstance(item, tuple) else (item, item) for item in held.value]


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found
