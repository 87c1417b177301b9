"""What holds for a component of any port. Its subclasses say what else holds for theirs.

class TestSpread(RiskGateContract):
    component = Spread
    params = "widest: 10bp"
    vary = {"widest": "20bp"}
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar

from karb_core.plugin.api import Api
from karb_core.plugin.hookspecs import HOOKS, hookimpl
from karb_core.plugin.intake import take_in
from karb_core.plugin.light_import import brought_along
from karb_core.plugin.offer import PluginProblem, PluginSource
from karb_core.plugin.package_scan import numbers_in_package
from karb_core.testing.untouched import untouched
from karb_core.testing.written import Vary, changed, data_of, keys, mistakes_of, params_of, ruled, without
from karb_core.texts.text import render


class ComponentContract:
    """component: the class. params: what an owner may write under `with:`, in YAML; it is the base of every test.

    vary: for each rule and assumption, by its path, another value that changes an outcome, in YAML; a `Vary` where both
    sides must say something besides. unshown: those that cannot show in `outcomes`, each with the reason.
    """

    port: ClassVar[str]
    component: ClassVar[type[Any]]
    params: ClassVar[str] = ""
    vary: ClassVar[Mapping[str, str | Vary]] = {}
    unshown: ClassVar[Mapping[str, str]] = {}

    def outcomes(self, component: Any) -> object:
        """Whatever of its answers a rule could change. Two that are equal are the same outcome."""
        raise NotImplementedError

    def built(self, data: Any = None) -> Any:
        """The component, from these parameters; from `params` where none are given."""
        made = params_of(self.component.Params, data_of(self.params) if data is None else data)
        return self.component(made)

    def test_it_can_be_offered(self) -> None:
        source = PluginSource("contract", "?", "?", self.component.__module__)
        hook = next(hook for hook, port in HOOKS.items() if port == self.port)
        found = take_in(source, _door(hook, self.component), Api())
        assert not isinstance(found, PluginProblem), render(found.said)
        (offer,) = found
        assert render(offer.summary).strip(), "`about`, or the first line of its docstring, says what it does"

    def test_a_parameter_left_out_is_one_mistake_that_names_it(self) -> None:
        data = data_of(self.params)
        assert not mistakes_of(self.component.Params, data)
        for path in keys(data):
            found = mistakes_of(self.component.Params, without(data, path))
            assert len(found) <= 1, f"without `{_dotted(path)}`: {[mistake.path for mistake in found]}"
            assert all(path[: len(mistake.path)] == mistake.path for mistake in found), f"without `{_dotted(path)}`"

    def test_no_number_that_an_owner_did_not_write_is_in_its_package(self) -> None:
        found = numbers_in_package(self.component.__module__)
        assert not found, "numbers that could be rules:\n" + "\n".join(f"{n.file}:{n.line}: {n.what}" for n in found)

    def test_its_module_imports_no_more_than_its_parameters_need(self) -> None:
        found = brought_along(self.component.__module__)
        assert not found, f"imported to look at a file: {', '.join(found)}; import them in the methods that need them"

    def test_it_is_built_without_reading_or_reaching_anything(self) -> None:
        self.built()
        with untouched():
            self.built()

    def test_it_is_built_twice_alike(self) -> None:
        assert self.outcomes(self.built()) == self.outcomes(self.built())

    def test_each_rule_changes_an_outcome(self) -> None:
        data = data_of(self.params)
        without_effect = [path for path, vary in self.vary.items() if not self._changes(data, path, vary)]
        assert not without_effect, f"changed, these change nothing: {without_effect}: is a number written in the code?"

    def test_every_rule_is_varied_or_says_why_not(self) -> None:
        rules = set(ruled(params_of(self.component.Params, data_of(self.params))))
        more = {path for vary in self.vary.values() if isinstance(vary, Vary) for path in vary.beside}
        assert rules <= self.vary.keys() | self.unshown.keys(), "`vary` has another value for each rule"
        assert not self.vary.keys() & self.unshown.keys()
        written = {_dotted(path) for path in keys(data_of(self.params))}
        assert (self.vary.keys() | self.unshown.keys()) <= rules | written | _beside(self, more)

    def _changes(self, data: Any, path: str, vary: str | Vary) -> bool:
        one = vary if isinstance(vary, Vary) else Vary(vary)
        before = changed(data, one.beside)
        after = changed(before, {path: one.to})
        return self.outcomes(self.built(before)) != self.outcomes(self.built(after))


def _beside(contract: ComponentContract, more: set[str]) -> set[str]:
    """Rules that are there only where another one is written beside them."""
    if not more:
        return set()
    data, found = data_of(contract.params), set()
    for vary in contract.vary.values():
        if isinstance(vary, Vary):
            found |= set(ruled(params_of(contract.component.Params, changed(data, vary.beside))))
    return found


def _door(hook: str, component: type[Any]) -> ModuleType:
    """A module that offers it, as a plugin's own would."""

    def offers() -> list[type[Any]]:
        return [component]

    module = ModuleType("contract")
    offers.__name__ = hook
    setattr(module, hook, hookimpl(offers))
    return module


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))
