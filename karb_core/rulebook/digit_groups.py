"""Digit groups that a comma split inside `{ }` or `[ ]`: `{limit: 24,000,000 KRW}`.

In a flow collection the comma ends the value, so YAML reads `24`, `000` and `000 KRW`. One error says so; the
value is put together again, so that nothing else is reported about its pieces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from karb_core.rulebook.finding import Finding, Mark
from karb_core.texts.text import Text

_HEAD = re.compile(r"-?[1-9][0-9]{0,2}\Z")
_GROUP = re.compile(r"[0-9]{3}\Z")
_TAIL = re.compile(r"[0-9]{3}(?:\.[0-9]+)?(?: ?[A-Za-z%]\w*)?\Z")


@dataclass(frozen=True, slots=True)
class Joined:
    """A collection's nodes with split groups joined, and what to say about them, by their position in it."""

    pairs: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()
    findings: Mapping[int, Finding] = field(default_factory=dict)


def join_items(node: SequenceNode) -> Joined:
    """For `[40,000,000 KRW]`."""
    items: list[Node] = []
    findings: dict[int, Finding] = {}
    at = 0
    while at < len(node.value):
        group = _group(node.value[at], node.value[at + 1 :]) if node.flow_style else []
        if group:
            findings[len(items)] = _finding(node.value[at], group)
        items.append(_one(node.value[at], group))
        at += 1 + len(group)
    return Joined(items=tuple(items), findings=findings)


def join_pairs(node: MappingNode) -> Joined:
    """For `{limit: 24,000,000 KRW}`: the pieces behind the first stand as keys without values."""
    pairs: list[tuple[Node, Node]] = []
    findings: dict[int, Finding] = {}
    at = 0
    while at < len(node.value):
        key, value = node.value[at]
        bare = [k for k, v in node.value[at + 1 :] if _is_empty(v)] if node.flow_style else []
        group = _group(value, bare)
        if group:
            findings[len(pairs)] = _finding(value, group)
        pairs.append((key, _one(value, group)))
        at += 1 + len(group)
    return Joined(pairs=tuple(pairs), findings=findings)


def _group(head: Node, behind: list[Node]) -> list[ScalarNode]:
    """The pieces that belong to `head`: each right behind the one before it, with only a comma between."""
    if not _is_plain(head) or not _HEAD.match(head.value):
        return []
    found: list[ScalarNode] = []
    last: Node = head
    for piece in behind:
        if not _is_plain(piece) or piece.start_mark.index != last.end_mark.index + 1 or not _TAIL.match(piece.value):
            break
        found.append(piece)
        last = piece
        if not _GROUP.match(piece.value):
            break
    return found


def _one(head: Node, group: list[ScalarNode]) -> Node:
    if not group:
        return head
    return ScalarNode(head.tag, _whole(head, group), head.start_mark, group[-1].end_mark, style=None)


def _whole(head: Node, group: list[ScalarNode]) -> str:
    """`_` groups digits in front of a unit; in a bare number some YAML readers would take it for text."""
    unit = re.search("[A-Za-z%]", group[-1].value)
    return ("_" if unit else "").join([head.value, *(piece.value for piece in group)])


def _finding(head: Node, group: list[ScalarNode]) -> Finding:
    whole = _whole(head, group)
    key = "digits.split.help" if "_" in whole else "digits.split.bare"
    width = group[-1].end_mark.index - head.start_mark.index
    mark = Mark(head.start_mark.line + 1, head.start_mark.column + 1, width)
    return Finding("K112", Text("digits.split"), mark, Text(key, {"better": whole}))


def _is_plain(node: Node) -> TypeGuard[ScalarNode]:
    return isinstance(node, ScalarNode) and node.style is None


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and node.value == ""
