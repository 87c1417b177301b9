"""Asks one plugin for its components, and adopts what it offers only when all of it is right.

Each plugin is registered with a manager of its own. What pluggy would leave behind of one that failed
half-way goes with that manager, and no plugin can be reached through another's hooks.
"""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pluggy

from karb_core.plugin.api import Api
from karb_core.plugin.hookspecs import HOOKS, PROJECT, KarbSpecs
from karb_core.plugin.offer import Offer, PluginProblem, PluginSource
from karb_core.ports import Mode, Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Text

#: What a class may say of itself as a set of words, and the words there are (none listed: any).
_WORD_SETS = {"stands": ("entry", "exit"), "modes": get_args(Mode), "extras": ()}
_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


class _Refused(Exception):
    def __init__(self, key: str, **args: object) -> None:
        super().__init__(key)
        self.text = Text(key, args)


def take_in(source: PluginSource, module: ModuleType, api: Api) -> tuple[Offer, ...] | PluginProblem:
    """What the module offers, all of it or nothing."""
    try:
        collected = _ask(module, source.name, api)
        offers = [_offer(source, hook, item) for hook, items in collected for item in _classes(hook, items)]
        if not offers:
            raise _Refused("plugin.empty", name=source.name)
        _no_name_twice(offers)
    except _Refused as refused:
        return PluginProblem(source.name, refused.text)
    except pluggy.PluginValidationError as e:
        return PluginProblem(source.name, _misfit(source, e))
    except KeyboardInterrupt:
        raise
    except BaseException as e:  # noqa: BLE001 - a plugin may raise anything, SystemExit too; it stops only itself
        return PluginProblem(source.name, what_failed(source, e))
    return tuple(offers)


def what_failed(source: PluginSource, error: BaseException) -> Text:
    """One sentence for an exception that left a plugin, with the last place in the plugin's own files."""
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    said = ": ".join(part for part in (type(error).__name__, " ".join(message.split())) if part)
    return Text("plugin.raised", {"source": str(source), "what": said, "place": _place(source, error)})


def _place(source: PluginSource, error: BaseException) -> str:
    """`  (package/file.py:7)`, or nothing where the plugin's own files had no part in it.

    A parameter class is refused deep inside karb and pydantic: the line that helps is the author's.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"  ({_short(error.filename)}:{error.lineno})"
    package = source.module.partition(":")[0].partition(".")[0]
    frames = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    own = [(path, line) for path, line in frames if package in path.parts or path.name == f"{package}.py"]
    return f"  ({_short(own[-1][0])}:{own[-1][1]})" if own else ""


def _short(path: str | Path) -> str:
    return "/".join(Path(path).parts[-2:])  # karb: constant because it is a file and its folder, for showing


def _ask(module: ModuleType, name: str, api: Api) -> list[tuple[str, Any]]:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(KarbSpecs)
    collected: list[tuple[str, Any]] = []
    for hook in HOOKS:
        getattr(manager.hook, hook).call_historic(
            result_callback=lambda result, hook=hook: collected.append((hook, result)), kwargs={"api": api}
        )
    _no_misspelt_hook(module, name)
    manager.register(module, name=name)
    manager.check_pending()
    return collected


def _no_misspelt_hook(module: ModuleType, name: str) -> None:
    for attribute, value in vars(module).items():
        marked = getattr(value, f"{PROJECT}_impl", None)
        if not isinstance(marked, dict):
            continue
        hook = marked.get("specname") or attribute
        if marked.get("wrapper") or marked.get("hookwrapper"):
            raise _Refused("plugin.wrapper", name=name, hook=hook)
        if hook in HOOKS:
            continue
        if near := get_close_matches(hook, HOOKS, 1):
            raise _Refused("plugin.no_hook", name=name, hook=hook, near=near[0])
        raise _Refused("plugin.no_such_hook", name=name, hook=hook, hooks=", ".join(HOOKS))


def _classes(hook: str, items: Any) -> Iterable[type[Any]]:
    if inspect.iscoroutine(items):
        items.close()  # never awaited, and Python would say so much later and elsewhere
    if isinstance(items, str | bytes | type) or not isinstance(items, Iterable):
        raise _Refused("plugin.not_classes", hook=hook, got=_shown(items))
    for item in items:
        if not inspect.isclass(item):
            raise _Refused("plugin.not_classes", hook=hook, got=_shown(item))
        yield item


def _shown(value: object) -> str:
    """Short, and the same in every run: without the address in memory."""
    ordered = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
    return re.sub(" at 0x[0-9a-fA-F]+", "", repr(ordered))[:60]  # karb: constant because it cuts a shown text


def _offer(source: PluginSource, hook: str, cls: type[Any]) -> Offer:
    name, params = getattr(cls, "name", None), getattr(cls, "Params", None)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _Refused("plugin.component_name", cls=cls.__name__, got=_shown(name))
    if not inspect.isclass(params) or not issubclass(params, Params):
        raise _Refused("plugin.component_params", cls=cls.__name__)
    if getattr(cls, "stage", Stage.STABLE) not in list(Stage):
        raise _Refused("plugin.component_stage", cls=cls.__name__, stages=", ".join(Stage))
    for attribute, known in _WORD_SETS.items():
        words = getattr(cls, attribute, None)
        if words is not None and not _are_words(words, known):
            wanted, got = ", ".join(known) or "names", _shown(words)
            raise _Refused("plugin.component_words", cls=cls.__name__, attribute=attribute, known=wanted, got=got)
    return Offer(f"{source.name}.{name}", HOOKS[hook], cls, source)


def _are_words(words: object, known: tuple[str, ...]) -> bool:
    if not isinstance(words, set | frozenset | tuple | list):
        return False
    return all(isinstance(word, str) and (not known or word in known) for word in words)


def _no_name_twice(offers: list[Offer]) -> None:
    seen: dict[str, Offer] = {}
    for offer in offers:
        if offer.use in seen:
            raise _Refused("plugin.component_twice", use=offer.use)
        seen[offer.use] = offer


def _misfit(source: PluginSource, error: pluggy.PluginValidationError) -> Text:
    detail = " ".join(str(error).split())
    wrong = re.search(r"Argument\(s\) \{(.*?)\} are declared", detail)
    names = ", ".join(sorted(name.strip(" '") for name in wrong[1].split(","))) if wrong else detail
    return Text("plugin.misfit", {"source": str(source), "detail": names})
