"""What importing a module brings along that nobody needs who only looks at a file."""

from __future__ import annotations

import subprocess
import sys

#: What karb itself has loaded when it reads a file.
_BEFORE = "import karb_core.plugin.catalogue, karb_core.rulebook.check"
_SHOW = """
import importlib, sys
{before}
had = set(sys.modules)
importlib.import_module({module!r})
new = {{name for name in sys.modules if name not in had}}
own = {package!r}
heavy = {{n.partition(".")[0] for n in new}} - set(sys.stdlib_module_names) - {{own, "karb_core"}}
heavy |= {{n for n in new if n.startswith({rooms!r})}}
print(*sorted(heavy))
"""
_ROOMS = ("karb_core.engine", "karb_core.ledger", "karb_core.wiring", "karb_core.cli", "asyncio.base_events")


def brought_along(module: str) -> list[str]:
    """The packages, neither Python's own nor the module's, that a fresh process has loaded after it, and rooms of karb's
    that only a run needs. Errors: RuntimeError where it cannot be imported.
    """
    package = module.partition(".")[0]
    script = _SHOW.format(before=_BEFORE, module=module, package=package, rooms=_ROOMS)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{script}"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} cannot be imported: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout.split()
