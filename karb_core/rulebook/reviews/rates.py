"""The two rates: there where a pair needs them, and of a kind that the rules can work with."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.texts.text import Text


def review_rates(case: Case) -> Iterator[Finding]:
    crossing = [name for name, pair in case.view.pairs.items() if pair.near.quote != pair.far.quote]
    if crossing and case.rulebook.file.fx_source is None:
        said = Text("rates.needed", {"pair": crossing[0]})
        yield case.error("K423", ("fx_source",), said, Text("rates.needed.help"))
    yield from _other_assets(case, crossing)
    signal = case.view.signal
    if signal is not None and signal.min_premium and _kind(case, "premium") == "tether":
        path = ("signal", "with", *signal.min_premium_path)
        said = Text("rates.tether", {"written": case.written(path)})
        yield case.warning("K410", path, said, Text("rates.tether.help"))


def _other_assets(case: Case, crossing: list[str]) -> Iterator[Finding]:
    """The two seats are of one pair of assets: a pair of others has no rate."""
    pairs = [case.view.pairs[name] for name in crossing]
    for name, pair in zip(crossing, pairs, strict=True):
        if (pair.near.quote, pair.far.quote) != (pairs[0].near.quote, pairs[0].far.quote):
            args = {"pair": name, "near": pairs[0].near.quote, "far": pairs[0].far.quote}
            yield case.error("K423", ("pairs", name, "far"), Text("rates.other", args), Text("rates.other.help"))
            return


def _kind(case: Case, seat: str) -> str:
    for found in case.view.seats:
        if found.path == ("fx_source", seat):
            return str(getattr(found.component, "kind", ""))
    return ""
