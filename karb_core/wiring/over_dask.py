"""Points carried out by the workers of a Dask cluster that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.ports.points import Changes, PointResult
from karb_core.texts.text import Text
from karb_core.wiring.point_carrier import PointCarrier

T = TypeVar("T")
# karb: constant because it bounds how long a cluster is waited for
_WAIT_S = "10s"


def over_dask(
    address: str,
    carrier: PointCarrier,
    points: Sequence[Changes],
    told: Callable[[PointResult], T],
    code: Mapping[str, str],
) -> Iterator[tuple[int, T]]:
    """Each worker is given the file and the loaded data once: it needs karb and the plugins, and no file.

    `code`: digests by package, which every worker has to have. Errors: UsageMistake where no scheduler answers, or it has
    no worker; PluginUnusable where Dask is not installed, and where a worker has other code.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as e:
        raise UsageMistake(Text("points.no_cluster", {"address": address}), Text("points.no_cluster.help")) from e
    try:
        _need_same_code(client, address, code)
        [held] = client.scatter([carrier], broadcast=True, hash=False)
        asked = [client.submit(_carried, held, told, at, changes, pure=False) for at, changes in enumerate(points)]
        for _, result in distributed.as_completed(asked, loop=client.loop, with_results=True):
            yield result
    finally:
        client.close()


def _carried(carrier: PointCarrier, told: Callable[[PointResult], T], at: int, changes: Changes) -> tuple[int, T]:
    return at, told(carrier.result(changes))


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as e:
        raise PluginUnusable(Text("points.no_dask"), Text("points.no_dask.help")) from e
    return distributed


def _need_same_code(client: Any, address: str, code: Mapping[str, str]) -> None:
    """A worker that runs another karb would carry the same rules out otherwise, and nobody would see it."""
    found: Mapping[str, Mapping[str, str]] = client.run(_code_of, tuple(code))
    if not found:
        raise UsageMistake(Text("points.no_workers", {"address": address}), Text("points.no_workers.help"))
    for worker, theirs in found.items():
        if theirs != dict(code):
            raise PluginUnusable(Text("points.other_code", {"worker": worker}), Text("points.other_code.help"))


def _code_of(packages: Sequence[str]) -> dict[str, str]:
    from importlib import import_module

    from karb_core.rulebook.code_digest import package_digest

    found = {}
    for package in packages:
        try:
            import_module(package)
            found[package] = package_digest(package)
        except ImportError:
            found[package] = ""
    return found
