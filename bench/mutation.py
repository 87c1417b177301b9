"""Mutation testing of `next_actions` and the money types: which small faults would their tests not notice?

    python bench/mutation.py [--only ladder] [--record]

Applies one small change at a time to each module of `SUITES` (cosmic-ray's operators, and `SWAPS`: a word for its
opposite) and runs the tests that belong to it, in a process of its own; no file changes. Every survivor needs a line
with its reason in bench/mutation-survivors.csv. Exits 1 when one has none, when a line fits no survivor any more, or
when more than 3 % survive. `--record` adds the figures to bench/mutation.csv. A campaign, not a part of the tests:
`pip install --group mutation`; it forks, so it needs Linux or macOS.

Not counted, because they say nothing of a test: what does not compile, what changes an annotation only, `is` for `==`
(one and the same for a member of an enum), a comparison by order for `is`, and bits and powers for sums.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib
import os
import platform
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import cosmic_ray.plugins
import hypothesis
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from parso.python.tree import Name

ROOT = Path(__file__).resolve().parents[1]
BAR = 0.03
TIMEOUT_S = 60
MEMORY_BYTES = 4 << 30
REASONS, FIGURES = ROOT / "bench" / "mutation-survivors.csv", ROOT / "bench" / "mutation.csv"

_LEGS = ("legs", "legs_now", "sent", "unfinished", "legs_walk", "legs_hard_walk")
_ENGINE = tuple(f"tests/engine/test_{name}.py" for name in _LEGS)
#: Each module, and the tests that must notice: for money its own alone, for the legs those of all the legs.
SUITES = {
    **{f"karb_core/engine/{name}.py": _ENGINE for name in ("legs", "legs_now", "ladder", "sent", "unfinished")},
    **{
        f"karb_core/domain/{n}.py": (f"tests/domain/test_{n}.py",) for n in ("amount", "exact", "proportion", "sharing")
    },
}

_OPPOSITES = (
    ("any", "all"), ("min", "max"), ("add", "sub"), ("lacking", "leading"), ("Fraction", "Decimal"),
    ("over", "settled"), ("told", "filled"), ("is_free", "fell_short"), ("completes", "goes_back"),
    ("floor_price", "ceil_price"), ("negate", "absolute"), ("FLOOR", "CEIL"), ("HALF_EVEN", "TOWARDS_ZERO"),
    ("WORKING", "DONE"), ("STUCK", "WORKING"), ("RETRY", "UNWIND"), ("BUY", "SELL"), ("REDUCE_ONLY", "NO_ENTRIES"),
    ("sent_ns", "now_ns"), ("unknown_cited", "band_cited"),
)  # fmt: skip
SWAPS = {one: other for a, b in _OPPOSITES for one, other in ((a, b), (b, a))}

_SILENT = re.compile(
    r"ReplaceBinaryOperator_.*(?:Bit|Shift|Pow)|ReplaceComparisonOperator_.*_(?:Is|IsNot)$"
    r"|ReplaceComparisonOperator_Is(?:Not)?_|ReplaceUnaryOperator_USub_"
)
_MEANT = re.compile(r"ReplaceComparisonOperator_(?:Is_IsNot|IsNot_Is)$")


class SwapWords(Operator):  # type: ignore[misc] # cosmic-ray has no types
    """A word of ours for its opposite, where it is used."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if isinstance(node, Name) and node.value in SWAPS and not node.is_definition():
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.value = SWAPS[node.value]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line` and `mutated`: the lines that differ, before and after."""

    module: str
    at: int
    line: str
    mutated: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.line, self.mutated

    def text(self) -> str:
        return f"{self.module}:{self.at}: {self.line}  ->  {self.mutated}"


def mutants(module: str) -> Iterator[Mutant]:
    source = (ROOT / module).read_text("utf-8")
    seen = {_meaning(source)}
    for operator in _operators():
        count = sum(len(list(operator.mutation_positions(node))) for node in ast_nodes(get_ast(source)))
        for occurrence in range(count):
            changed = mutate_code(source, operator, occurrence)
            meaning = None if changed is None else _meaning(changed)
            if changed is not None and meaning is not None and meaning not in seen:
                seen.add(meaning)
                yield _mutant(module, source, changed)


def _operators() -> Iterator[Operator]:
    for name in sorted(cosmic_ray.plugins.operator_names()):
        made = cosmic_ray.plugins.get_operator(name)
        if not made.arguments() and (_MEANT.search(name) or not _SILENT.search(name)):
            yield made()
    yield SwapWords()


class _WithoutAnnotations(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)


def _meaning(source: str) -> str | None:
    """What is left of a source without layout and annotations; None if it does not compile."""
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None
    return ast.dump(_WithoutAnnotations().visit(ast.parse(source)))


def _mutant(module: str, source: str, changed: str) -> Mutant:
    before, after = source.splitlines(), changed.splitlines()
    spans = [op for op in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"]
    first, last = spans[0], spans[-1]
    line, mutated = " ".join(before[first[1] : last[2]]), " ".join(after[first[3] : last[4]])
    return Mutant(module, first[1] + 1, " ".join(line.split()), " ".join(mutated.split()), changed)


class _Instead(MetaPathFinder, SourceLoader):
    """Loads one module from a changed source, and leaves the others alone."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = mutant.module.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def get_filename(self, fullname: str) -> str:
        return str(ROOT / self.mutant.module)

    def get_data(self, path: str | bytes) -> bytes:
        return self.mutant.source.encode()


def trial(mutant: Mutant | None, tests: Sequence[str]) -> str:
    """`survived`, `killed` or `timeout`: how the tests end with the mutant, or, for None, with the code as it is."""
    child = os.fork()
    if not child:
        _in_child(mutant, tests)
    until = time.monotonic() + TIMEOUT_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _in_child(mutant: Mutant | None, tests: Sequence[str]) -> None:
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Instead(mutant))
        code = int(pytest.main(["-x", "-q", "--tb=no", "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))
    finally:
        os._exit(code)


def prepare() -> None:
    """The libraries are loaded once, the project's own modules by each trial anew.

    Hypothesis takes the same examples each time and does not shrink: what kills a mutant kills it in the next run too.
    """
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]
    sys.dont_write_bytecode = True
    importlib.import_module("tests.engine.scene")
    for name in [n for n in sys.modules if n.partition(".")[0] in ("karb_core", "tests")]:
        del sys.modules[name]
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=phases,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    hypothesis.settings.load_profile("mutation")


def reasons() -> dict[tuple[str, str, str], str]:
    if not REASONS.exists():
        return {}
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["line"], row["mutated"]): row["reason"] for row in csv.DictReader(file)}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help="only modules whose path contains this")
    parser.add_argument("--record", action="store_true", help="add the figures to bench/mutation.csv")
    args = parser.parse_args()
    prepare()
    suites = {module: tests for module, tests in SUITES.items() if args.only in module}
    for tests in set(suites.values()):
        if trial(None, tests) != "survived":
            print(f"{' '.join(tests)}: these fail without any mutant")
            return 2
    return _campaign(suites, record=args.record)


def _campaign(suites: dict[str, tuple[str, ...]], *, record: bool) -> int:
    began, why = time.monotonic(), reasons()
    ends: dict[str, list[Mutant]] = {"killed": [], "survived": [], "timeout": []}
    for module, tests in suites.items():
        at_first = sum(map(len, ends.values()))
        for mutant in mutants(module):
            end = trial(mutant, tests)
            ends[end].append(mutant)
            if end != "killed":
                print(f"{end}: {mutant.text()}\n    {why.get(mutant.key, 'NO REASON')}", flush=True)
        survived = sum(m.module == module for m in ends["survived"])
        print(f"{module}: {sum(map(len, ends.values())) - at_first} mutants, {survived} survived", flush=True)
    return _judge(ends, why, list(suites), round(time.monotonic() - began), record=record)


def _judge(
    ends: dict[str, list[Mutant]],
    why: dict[tuple[str, str, str], str],
    modules: list[str],
    took_s: int,
    *,
    record: bool,
) -> int:
    count, left = sum(map(len, ends.values())), ends["survived"]
    keys = {m.key for m in left}
    unexplained = [m for m in left if m.key not in why]
    stale = [key for key in why if key[0] in modules and key not in keys]
    for key in stale:
        print("does not survive any more:", *key)
    share = len(left) / count
    figures = (count, len(ends["killed"]), len(left), len(ends["timeout"]), f"{100 * share:.2f}", len(unexplained))
    print(
        "mutants {}, killed {}, survived {}, timeouts {}, survivors {} %, unexplained {}".format(*figures),
        f"({took_s} s)",
    )
    if record:
        _record(*figures, took_s)
    return 1 if unexplained or stale or share > BAR else 0


def _record(*figures: object) -> None:
    header = (
        "date",
        "python",
        "mutants",
        "killed",
        "survived",
        "timeouts",
        "survivors_percent",
        "unexplained",
        "seconds",
    )
    new = not FIGURES.exists()
    with FIGURES.open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if new:
            rows.writerow(header)
        rows.writerow((datetime.now(UTC).date().isoformat(), platform.python_version(), *figures))


if __name__ == "__main__":
    sys.exit(main())
