"""A cluster's workers are asked which code they have before anything is handed to them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.rulebook.code_digest import package_digest
from karb_core.wiring.over_dask import _code_of, _need_same_code

OURS = {"karb_core": package_digest("karb_core")}


class Answering:
    """What a Dask client says that its workers answered."""

    def __init__(self, told: Mapping[str, Mapping[str, str]]) -> None:
        self.told = told

    def run(self, *asked: object) -> Mapping[str, Mapping[str, str]]:
        return self.told


def test_workers_of_the_same_code_are_taken() -> None:
    _need_same_code(Answering({"tcp://a": OURS, "tcp://b": _code_of(["karb_core"])}), "tcp://s", OURS)


@pytest.mark.parametrize("theirs", [{"karb_core": "sha256:other"}, {"karb_core": ""}, {}])
def test_one_with_another_is_named(theirs: Mapping[str, str]) -> None:
    with pytest.raises(PluginUnusable, match="tcp://b"):
        _need_same_code(Answering({"tcp://a": OURS, "tcp://b": theirs}), "tcp://s", OURS)


def test_a_cluster_without_workers_is_said() -> None:
    with pytest.raises(UsageMistake, match="no worker"):
        _need_same_code(Answering({}), "tcp://s", OURS)


def test_a_package_that_is_not_there_has_no_digest() -> None:
    assert _code_of(["karb_core", "karb_nowhere"]) == {**OURS, "karb_nowhere": ""}
