"""The YAML parser: PyYAML's scanner and parser without its resolvers, in a class nobody else can change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent
from yaml.nodes import Node
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from karb_core.rulebook.finding import Finding, Mark
from karb_core.rulebook.source import Source
from karb_core.rulebook.syntax import in_plain_words, reader_finding
from karb_core.texts.text import Text

NODES = 20_000
DEPTH = 32


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


def compose(source: Source) -> Node | Finding | None:
    """The root node; None for a file of comments only; a Finding where it is no YAML or more than karb reads."""
    try:
        refused = next(_refused(source.text), None)
        if refused is not None:
            return refused
        return _Loader(source.text).get_single_node()  # type: ignore[no-any-return]
    except MarkedYAMLError as e:
        return in_plain_words(source, e)
    except ReaderError as e:
        return reader_finding(source, e)
    except RecursionError:
        return Finding("K107", Text("yaml.depth", {"limit": DEPTH}), Mark(1, 1))


def _refused(text: str) -> Iterator[Finding]:
    """Aliases, anchors, tags, depth and size, found in the stream of events before any node is built."""
    loader, depth, nodes = _Loader(text), 0, 0
    while loader.check_event():
        event = loader.get_event()
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else Mark(1, 1)
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            yield Finding("K105", Text("yaml.alias"), mark, Text("yaml.alias.help"))
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            yield Finding("K106", Text("yaml.tag", {"tag": str(event.tag)[:60]}), mark, Text("yaml.tag.help"))
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        nodes += isinstance(event, NodeEvent)
        if depth > DEPTH:
            yield Finding("K107", Text("yaml.depth", {"limit": DEPTH}), mark)
        if nodes > NODES:
            yield Finding("K107", Text("yaml.nodes", {"limit": NODES}), mark)
