"""Which extras of its distribution a component needs and this machine lacks; read from metadata, nothing is imported."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

from karb_core.plugin.offer import Offer


def missing_extras(offer: Offer) -> tuple[str, ...]:
    """As they are written for pip: `karb[live]`."""
    name = offer.source.distribution
    return tuple(f"{name}[{extra}]" for extra in offer.extras if not _complete(name, extra))


@cache
def _complete(name: str, extra: str) -> bool:
    from packaging.requirements import Requirement

    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return False
    needed = [r for r in map(Requirement, lines) if r.marker is not None and r.marker.evaluate({"extra": extra})]
    mine = [r for r in needed if not r.marker or not r.marker.evaluate({"extra": ""})]
    return bool(mine) and all(_there(r) for r in mine)


def _there(requirement: object) -> bool:
    from packaging.requirements import Requirement

    assert isinstance(requirement, Requirement)
    try:
        return requirement.specifier.contains(distribution(requirement.name).version, prereleases=True)
    except PackageNotFoundError:
        return False
