"""The example is a whole strategy, and nothing is wrong with it."""

from pathlib import Path

from karb_core.testing.checked import errors_in

EXAMPLE = Path(__file__).parents[1] / "examples" / "strategy.yaml"


def test_nothing_is_wrong_with_the_example():
    assert errors_in(EXAMPLE, "calm", "karb_plugin_calm") == []
