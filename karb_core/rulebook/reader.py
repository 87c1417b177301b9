"""The strict YAML reader: plain values, and beside them the place and the spelling of each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from karb_core.rulebook.characters import forbidden
from karb_core.rulebook.digit_groups import join_items, join_pairs
from karb_core.rulebook.finding import Finding, Mark, Note
from karb_core.rulebook.scalars import Ambiguous, plain
from karb_core.rulebook.source import Source
from karb_core.rulebook.yaml_nodes import compose
from karb_core.rules.shape import Path
from karb_core.texts.text import Text


@dataclass(slots=True)
class Document:
    """What was read. `keys` and `values` mark each path, `written` has each scalar as the owner wrote it.

    `data` is None where nothing could be read; `findings` say why, or what was wrong on the way. `soft`: said
    about a scalar, unless its parameter has something better to say at the same place.
    """

    source: Source
    data: Any = None
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    soft: dict[Path, Finding] = field(default_factory=dict)

    def mark(self, path: Path) -> Mark:
        """The value's place, or that of the nearest block around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Mark(1, 1))

    def key_mark(self, path: Path) -> Mark:
        return self.keys.get(path) or self.mark(path)

    def head(self, path: Path) -> Mark:
        """The value's place; of a block or list, the key that opens it."""
        return self.mark(path) if path in self.written else self.key_mark(path)


def read(source: Source) -> Document:
    """The document. Never raises for what a person wrote."""
    document = Document(source)
    document.findings += forbidden(source)
    if document.findings:
        return document
    root = compose(source)
    if isinstance(root, Finding):
        document.findings.append(root)
    elif root is None:
        document.findings.append(Finding("K201", Text("yaml.comments_only"), Mark(1, 1)))
    else:
        document.data = _Builder(document).build(root, ())
    return document


class _Builder:
    def __init__(self, document: Document) -> None:
        self._out = document

    def build(self, node: Node, path: Path) -> Any:
        self._out.values[path] = self._out.keys.get(path, _mark(node)) if _is_empty(node) else _mark(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, SequenceNode):
            joined = join_items(node)
            self._out.soft |= {(*path, at): finding for at, finding in joined.findings.items()}
            return [self.build(item, (*path, i)) for i, item in enumerate(joined.items)]
        assert isinstance(node, MappingNode)
        return self._mapping(node, path)

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text = unicodedata.normalize("NFC", node.value)
        self._out.written[path] = text
        if node.style is not None:
            return text
        value = plain(text)
        if isinstance(value, Ambiguous):
            self._out.soft[path] = Finding("K110", value.said, _mark(node), value.help)
            return value.text
        if isinstance(value, str) and "#" in text and text.split("#")[0].rstrip()[-1:] in "%0123456789":
            self._out.soft[path] = Finding("K111", Text("scalar.hash"), _mark(node), Text("scalar.hash.help"))
        return value

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        joined = join_pairs(node)
        out: dict[str, Any] = {}
        for at, (key, value) in enumerate(joined.pairs):
            if not isinstance(key, ScalarNode):
                self._refuse("K101", "yaml.key", key)
            elif key.value == "<<" and key.style is None:
                self._refuse("K105", "yaml.merge", key)
            else:
                self._pair(key, value, path, out)
                if at in joined.findings:
                    self._out.soft[(*path, unicodedata.normalize("NFC", key.value))] = joined.findings[at]
        return out

    def _pair(self, key: ScalarNode, value: Node, path: Path, out: dict[str, Any]) -> None:
        name = unicodedata.normalize("NFC", key.value)
        if name in out:
            first = Note(self._out.keys[(*path, name)], Text("key.first"))
            said = Text("key.twice", {"key": name})
            self._out.findings.append(Finding("K103", said, _mark(key), Text("key.twice.help"), (first,)))
            return
        self._out.keys[(*path, name)] = _mark(key)
        out[name] = self.build(value, (*path, name))

    def _refuse(self, code: str, key: str, node: Node) -> None:
        self._out.findings.append(Finding(code, Text(key), _mark(node), Text(f"{key}.help")))


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and not node.value


def _mark(node: Node) -> Mark:
    start, end = node.start_mark, node.end_mark
    if _is_empty(node):  # it stands behind what it belongs to, often behind the line's last character
        return Mark(start.line + 1, max(start.column, 1))
    width = end.column - start.column if end.line == start.line else 1
    return Mark(start.line + 1, start.column + 1, max(width, 1))
