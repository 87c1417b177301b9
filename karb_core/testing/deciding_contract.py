"""What holds for components that decide: they are pure, and what they name is a line of the owner's file."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any
from unittest.mock import patch

from karb_core.rules.shape import keys_of
from karb_core.testing.component_contract import ComponentContract
from karb_core.testing.untouched import untouched
from karb_core.testing.written import data_of, keys


class DecidingContract(ComponentContract):
    """The same inputs give the same answer, in any process, at any time; and stay what they were."""

    def inputs(self) -> Any:
        """What `outcomes` gives to the component."""
        raise NotImplementedError

    def test_it_looks_at_no_clock_and_draws_nothing(self) -> None:
        component = self.built()
        before = self.outcomes(component)
        with untouched():
            again = self.outcomes(component)
        assert before == again

    def test_it_leaves_its_inputs_as_they_were(self) -> None:
        given = self.inputs()
        before = copy.deepcopy(given)
        with patch.object(self, "inputs", lambda: given):
            self.outcomes(self.built())
        assert _same(given, before), "what it was given is not what it was"

    def no_lines(self, rules: Iterable[str]) -> set[str]:
        """Those that are no parameter that is written, nor the component as a whole (`use`), nor a place in the file."""
        written = {".".join(map(str, path)) for path in keys(data_of(self.params))}
        known = written | set(keys_of(self.component.Params)) | {"use"}
        return {rule for rule in rules if rule not in known and not rule.startswith("/")}


def _same(one: Any, other: Any) -> bool:
    """Columns too, which do not say so in one word."""
    if hasattr(one, "tobytes"):
        return bool(one.tobytes() == other.tobytes())
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if is_dataclass(one) and not isinstance(one, type):
        return all(_same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return bool(one == other)
