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
from typing import Any

import pluggy

from karb_core.plugin.api import Api
from karb_core.plugin.hookspecs import HOOKS, PROJECT, KarbSpecs
from karb_core.plugin.offer import Offer, PluginProblem, PluginSource
from karb_core.ports import Stage
from karb_core.rules.params import Params
from karb_core.texts.text import Text

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
    """One sentence for an exception that left a plugin, with the last place in it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).parent.name}/{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    kind, message = type(error).__name__, " ".join(str(error).split())
    return Text("plugin.raised", {"source": str(source), "kind": kind, "message": message, "place": place})


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
        if marked is not None and attribute not in HOOKS:
            near = get_close_matches(attribute, HOOKS, 1)
            raise _Refused("plugin.no_hook", name=name, hook=attribute, near=near[0] if near else ", ".join(HOOKS))


def _classes(hook: str, items: Any) -> Iterable[type[Any]]:
    if isinstance(items, str | bytes | type) or not isinstance(items, Iterable):
        raise _Refused("plugin.not_classes", hook=hook, got=repr(items)[:60])
    for item in items:
        if not inspect.isclass(item):
            raise _Refused("plugin.not_classes", hook=hook, got=repr(item)[:60])
        yield item


def _offer(source: PluginSource, hook: str, cls: type[Any]) -> Offer:
    name, params = getattr(cls, "name", None), getattr(cls, "Params", None)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _Refused("plugin.component_name", cls=cls.__name__, got=repr(name)[:60])
    if not inspect.isclass(params) or not issubclass(params, Params):
        raise _Refused("plugin.component_params", cls=cls.__name__)
    if getattr(cls, "stage", Stage.STABLE) not in set(Stage):
        raise _Refused("plugin.component_stage", cls=cls.__name__, stages=", ".join(Stage))
    return Offer(f"{source.name}.{name}", HOOKS[hook], cls, source)


def _no_name_twice(offers: list[Offer]) -> None:
    seen: dict[str, Offer] = {}
    for offer in offers:
        if offer.use in seen:
            raise _Refused("plugin.component_twice", use=offer.use)
        seen[offer.use] = offer


def _misfit(source: PluginSource, error: pluggy.PluginValidationError) -> Text:
    detail = " ".join(str(error).split())
    wrong = re.search(r"Argument\(s\) (\{.*?\}) are declared", detail)
    return Text("plugin.misfit", {"source": str(source), "detail": f"argument {wrong[1]}" if wrong else detail})
