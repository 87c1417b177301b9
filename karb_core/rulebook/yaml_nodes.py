"""The YAML parser: PyYAML's scanner and parser without its resolvers, in a class nobody else can change."""

from __future__ import annotations

from typing import Any

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
)
from yaml.nodes import Node
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.source import Source
from karb_core.rulebook.syntax import in_plain_words, reader_finding
from karb_core.texts.text import Text

NODES = 20_000  # karb: constant because it bounds the size of a file, not what it says
DEPTH = 32  # karb: constant because it bounds the depth of a file, not what it says


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    # Empty tables of its own: every plain scalar arrives as text, whatever another library taught yaml.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own declaration
    yaml_path_resolvers: dict[Any, Any] = {}  # noqa: RUF012

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self._depth = 0
        self._nodes = 0
        self.long_quote: Any = None  # where the first quoted text that goes beyond its line begins

    def scan_flow_scalar(self, style: str) -> Any:
        token = super().scan_flow_scalar(style)
        if token.end_mark.line != token.start_mark.line:
            self.long_quote = self.long_quote or token.start_mark
        return token

    def get_event(self) -> Any:
        """Each event on its way to the composer: what karb does not read ends here, before a node of it exists."""
        event = super().get_event()  # type: ignore[no-untyped-call]
        self._depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        self._nodes += isinstance(event, NodeEvent)
        refused = _refusal(event, self._depth, self._nodes)
        if refused is not None:
            raise _Refused(refused)
        return event


def compose(source: Source) -> Node | Finding | None:
    """The root node; None for a file of comments only; a Finding where it is no YAML or more than karb reads."""
    try:
        loader = _Loader(source.text)
    except ReaderError as e:
        return reader_finding(source, e)
    try:
        return loader.get_single_node()
    except _Refused as e:
        return e.finding
    except MarkedYAMLError as e:
        return in_plain_words(source, e, loader.long_quote)
    except ReaderError as e:
        return reader_finding(source, e)


def _refusal(event: Event, depth: int, nodes: int) -> Finding | None:
    """Aliases, anchors, directives, tags, depth and size."""
    mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else Mark(1, 1)
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
        return Finding("K105", Text("yaml.alias"), mark, Text("yaml.alias.help"))
    if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
        return Finding("K101", Text("yaml.directive"), mark, Text("yaml.directive.help"))
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        written = str(event.tag).replace("tag:yaml.org,2002:", "!!")[:60]  # karb: constant because it cuts a shown text
        return Finding("K106", Text("yaml.tag", {"tag": written}), mark, Text("yaml.tag.help"))
    if depth > DEPTH:
        return Finding("K107", Text("yaml.depth", {"limit": DEPTH}), mark)
    if nodes > NODES:
        return Finding("K107", Text("yaml.nodes", {"limit": NODES}), mark)
    return None
