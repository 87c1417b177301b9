"""Mutation testing of `next_actions` and the money types: which small faults would their tests not notice?

    python bench/mutation.py [--only ladder] [--record]

Applies one small change at a time to each module of `SUITES` (cosmic-ray's operators, and `SWAPS`: a word for its
opposite) and runs the tests that belong to it, in a process of its own; no file changes. Every survivor needs a line
with its reason in bench/mutation-survivors.csv. Exits 1 when one has none, when a line fits no survivor any more, or
when more than 3 % survive of all that is not `BESIDE`. `--record` keeps the figures of each module in bench/mutation.csv. A campaign, not a part of the tests:
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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
CPU_S, WALL_S = 60, 900
MEMORY_BYTES = 4 << 30
REASONS, FIGURES = ROOT / "bench" / "mutation-survivors.csv", ROOT / "bench" / "mutation.csv"

_LEGS = ("legs", "legs_now", "sent", "unfinished", "weighing", "legs_walk", "legs_hard_walk")


def _of_legs(module: str) -> tuple[str, ...]:
    """The tests of all the legs, the module's own first: they tell soonest."""
    ordered = sorted(_LEGS, key=lambda name: name != module)
    return tuple(f"tests/engine/test_{name}.py" for name in ordered)


#: What `next_actions` never calls: held to its reasons, and not counted among the 3 %.
BESIDE = {"karb_core/engine/beyond.py": ("tests/engine/test_beyond.py",)}
#: Each module, and the tests that must notice: for money its own alone, for the legs those of all the legs.
SUITES = {
    **{
        f"karb_core/engine/{n}.py": _of_legs(n)
        for n in ("legs", "legs_now", "ladder", "sent", "unfinished", "weighing")
    },
    **BESIDE,
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
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM):
        return "timeout"
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        raise RuntimeError(f"pytest ended with {code}: neither passed nor failed")
    return "survived" if code == pytest.ExitCode.OK else "killed"


def _need_green(tests: Sequence[str]) -> None:
    """Before a module and after it: tests that fail by themselves kill every mutant."""
    if trial(None, tests) != "survived":
        raise RuntimeError(f"{' '.join(tests)}: these fail without any mutant")


def _in_child(mutant: Mutant | None, tests: Sequence[str]) -> None:
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
        signal.alarm(WALL_S)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        _forget("karb_core" if mutant is None else mutant.module)
        if mutant is not None:
            sys.meta_path.insert(0, _Instead(mutant))
        code = int(pytest.main(["-x", "-q", "--tb=no", "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))
    finally:
        os._exit(code)


def prepare() -> None:
    """Loads what a trial need not load again.

    Hypothesis takes the same examples each time and does not shrink: what kills a mutant kills it in the next run too.
    """
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]
    importlib.import_module("tests.engine.scene")
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=phases,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    hypothesis.settings.load_profile("mutation")


def _forget(module: str) -> None:
    """What may hang on the module is loaded anew: above the engine nothing is loaded, on the domain hangs all."""
    stale = ("tests", "karb_core.engine" if "/engine/" in module else "karb_core")
    for name in [n for n in sys.modules if f"{n}.".startswith(tuple(f"{one}." for one in stale))]:
        del sys.modules[name]


def reasons() -> dict[tuple[str, str, str], str]:
    if not REASONS.exists():
        return {}
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["line"], row["mutated"]): row["reason"] for row in csv.DictReader(file)}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", help="only modules whose path contains this")
    parser.add_argument("--record", action="store_true", help="keep the figures in bench/mutation.csv")
    args = parser.parse_args()
    prepare()
    suites = {module: tests for module, tests in SUITES.items() if args.only in module}
    return _campaign(suites, record=args.record)


def _campaign(suites: dict[str, tuple[str, ...]], *, record: bool) -> int:
    began, why = time.monotonic(), reasons()
    rows = [_trials(module, tests, why) for module, tests in suites.items()]
    if record:
        _record(rows)
    count, survived, unexplained = (sum(row[name] for row in rows) for name in ("mutants", "survived", "unexplained"))
    killed, timeouts = (sum(row[name] for row in rows) for name in ("killed", "timeouts"))
    held = [row for row in rows if row["module"] not in BESIDE]
    share = sum(row["survived"] for row in held) / max(1, sum(row["mutants"] for row in held))
    took = f"{100 * share:.2f} % survive, {unexplained} without a reason; {time.monotonic() - began:.0f} s"
    print(f"all: {count} mutants, {killed} killed, {survived} survived, {timeouts} timeouts: {took}")
    return 1 if unexplained or share > BAR else 0


def _trials(module: str, tests: Sequence[str], why: Mapping[tuple[str, str, str], str]) -> dict[str, Any]:
    _need_green(tests)
    began, left, ends = time.monotonic(), set(), Counter[str]()
    for mutant in mutants(module):
        end = trial(mutant, tests)
        ends[end] += 1
        if end == "survived":
            left.add(mutant.key)
        if end != "killed":
            print(f"{end}: {mutant.text()}\n    {why.get(mutant.key, 'NO REASON')}", flush=True)
    _need_green(tests)
    stale = {key for key in why if key[0] == module} - left
    for key in stale:
        print("does not survive any more:", *key)
    row = {
        "module": module, "mutants": ends.total(), "killed": ends["killed"], "survived": ends["survived"],
        "timeouts": ends["timeout"], "unexplained": len(left - set(why)) + len(stale),
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    return row


def _record(rows: Sequence[Mapping[str, Any]]) -> None:
    """The latest figures of each module."""
    made = {"date": datetime.now(UTC).date().isoformat(), "python": platform.python_version()}
    kept: dict[str, Mapping[str, Any]] = {}
    if FIGURES.exists():
        with FIGURES.open(encoding="utf-8", newline="") as file:
            kept = {row["module"]: row for row in csv.DictReader(file)}
    kept |= {row["module"]: {**made, **row} for row in rows}
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*made, *rows[0]], lineterminator="\n")
        table.writeheader()
        table.writerows(kept[module] for module in SUITES if module in kept)


if __name__ == "__main__":
    sys.exit(main())
