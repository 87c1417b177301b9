"""Finds numbers that a strategy's owner did not write: in comparisons, arithmetic, constants, defaults, fallbacks.

A number in code that can change an order is a rule that nobody approved. So every number is looked at, wherever
it stands; ALLOWED ones carry no opinion of their own. As a default, a fallback or an argument whose name sounds
like a rule, even those do: a limit of 0 is a limit. A line is exempt where a comment gives the reason, on the line
or alone above it: `# karb: constant because a day has 24 hours`. So is a whole file, which decides nothing, where one at its
top does: `# karb: constants because it draws a made-up market`.

It reads the code and runs nothing. It cannot see a number that comes from elsewhere (a file, the environment).
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ALLOWED = frozenset(Decimal(n) for n in (0, 1, -1, 2, 100, 1000, 10000))

_REASON = re.compile(r"#\s*karb: constant because\s+\S.{2}")
_WHOLE = re.compile(r"#\s*karb: constants because\s+\S.{2}")
_NUMBER = r"([-+]?(?:\d[\d,_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)"
_WRITTEN = re.compile(_NUMBER + "(?: ?(%|bps?|ms|[smhd]|[A-Z][A-Z0-9]{1,11}))?")
_MAKERS = frozenset({"Decimal", "Fraction", "float", "int", "complex"})
_LOOKUPS = frozenset({"get", "pop", "setdefault", "getattr"})
_NO_ORDER = frozenset({"tech", "get_close_matches"})  # a setting's declared default; help with spelling
_RULE_WORDS = frozenset({
    "age", "attempts", "band", "bp", "bps", "cap", "cooldown", "cutoff", "deviation", "entry", "epsilon",
    "exit", "fee", "fees", "fraction", "interval", "leverage", "limit", "loss", "margin", "max", "maximum",
    "min", "minimum", "percent", "premium", "profit", "quantile", "ratio", "reserve", "retries", "risk",
    "share", "sigma", "size", "slippage", "span", "stop", "target", "threshold", "timeout", "tolerance", "wait",
    "weight", "window", "z", "zscore",
})  # fmt: skip

_Parents = dict[ast.AST, ast.AST]


@dataclass(frozen=True, slots=True, order=True)
class HiddenNumber:
    """`what`: the number as it is written, and what it is used for."""

    file: str
    line: int
    what: str


def hidden_numbers(place: Path, leave_out: Collection[Path] = ()) -> list[HiddenNumber]:
    """Every hidden number of a module, or of all modules under a folder, in order; `leave_out` names folders or files.

    Errors: FileNotFoundError where there is nothing, so that a scan of a misspelt place is not clean; SyntaxError.
    """
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    if not files:
        raise FileNotFoundError(f"{place}: no Python file")
    kept = [file for file in files if not any(file.is_relative_to(out) for out in leave_out)]
    return [found for file in kept for found in scan(file.read_text(encoding="utf-8"), file.as_posix())]


def scan(text: str, file: str = "<text>") -> list[HiddenNumber]:
    """The hidden numbers of one module's text; each line's uses are told once."""
    if is_exempt(text):
        return []
    tree = ast.parse(text, file)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    exempt = set(_exempt_lines(text))
    found = {*_numbers(tree, parents), *_fallbacks(tree)}
    return sorted(HiddenNumber(file, line, what) for line, what in found if line not in exempt)


def is_exempt(text: str) -> bool:
    """Whether a comment before the module's first statement gives a reason for the whole of it."""
    first = next((node.lineno for node in ast.parse(text).body if not _is_docstring(node)), None)
    comments = (t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT)
    return any(_WHOLE.match(t.string) and (first is None or t.start[0] < first) for t in comments)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _exempt_lines(text: str) -> Iterator[int]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and _REASON.match(token.string):
            alone = not token.line[: token.start[1]].strip()
            yield token.start[0] + 1 if alone else token.start[0]


def _numbers(tree: ast.AST, parents: _Parents) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or _is_harmless(node, parents):
            continue
        value, written = _value(node, parents), _signed(node, parents)
        use, strict = _use(written, parents)
        if value is not None and (strict or value not in ALLOWED):
            yield node.lineno, f"{ast.unparse(written)} {use}"


def _value(node: ast.Constant, parents: _Parents) -> Decimal | None:
    """The number that this is, or that this text would be read as; None for anything else."""
    if isinstance(node.value, bool):
        return None
    if isinstance(node.value, int | float):
        number = Decimal(str(node.value))
        return number if _signed(node, parents) is node else -number
    if isinstance(node.value, complex):
        return Decimal("NaN")
    match = _WRITTEN.fullmatch(node.value.strip()) if isinstance(node.value, str) else None
    if match is None or (match[2] is None and _called(parents.get(node)) not in _MAKERS):
        return None
    # A unit makes it a value, whatever it is: what an owner would write belongs in the owner's file.
    return Decimal("NaN") if match[2] else Decimal(match[1].replace(",", "").replace("_", ""))


def _signed(node: ast.Constant, parents: _Parents) -> ast.expr:
    above = parents.get(node)
    return above if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub) else node


def _use(node: ast.expr, parents: _Parents) -> tuple[str, bool]:
    """What a number is used for, and whether it is hidden there whatever it is."""
    child: ast.AST = node
    while (above := parents.get(child)) is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Compare):
            return "in a comparison", False
        if isinstance(above, ast.BinOp):
            return "in arithmetic", False
        if isinstance(above, ast.BoolOp):
            return "as a fallback", isinstance(above.op, ast.Or)
        if isinstance(above, ast.keyword) and above.arg is not None:
            return f"as `{above.arg}=`", _sounds_like_a_rule(above.arg)
        if isinstance(above, ast.Call) and _called(above) in _LOOKUPS and child in above.args[1:]:
            return "as a fallback", not _begins_a_sum(above, parents)
        if isinstance(above, ast.arg):
            return "in an annotation", False
        if isinstance(above, ast.arguments):
            name = _argument(above, child)
            return f"as the default of `{name}`", _sounds_like_a_rule(name)
        if isinstance(above, ast.Subscript) and child is above.slice:
            return "as a position", False
        if isinstance(above, ast.Call) and _called(above) not in _MAKERS:
            return f"given to `{ast.unparse(above.func)}`", False
        child = above
    if isinstance(above, ast.AugAssign):
        return "in arithmetic", False
    if isinstance(above, ast.Assign | ast.AnnAssign):
        name = ast.unparse(above.targets[0] if isinstance(above, ast.Assign) else above.target)
        number = _inner(above.value) if above.value is not None else None
        # `size = 0` is where a sum begins; `size = 1` is a size.
        stated = number is not None and str(number.value) != "0"
        return f"as the value of `{name}`", stated and _sounds_like_a_rule(name)
    return "in code", False


def _begins_a_sum(lookup: ast.Call, parents: _Parents) -> bool:
    """`sums[key] = sums.get(key, 0) + amount`: nothing was there yet."""
    above: ast.AST | None = lookup
    while above is not None and not isinstance(above, ast.stmt):
        above = parents.get(above)
    if not isinstance(above, ast.Assign) or not isinstance(lookup.func, ast.Attribute):
        return False
    return ast.unparse(above.targets[0]) == f"{ast.unparse(lookup.func.value)}[{ast.unparse(lookup.args[0])}]"


def _inner(value: ast.AST) -> ast.Constant | None:
    """The number where a value is one and nothing else, `Decimal("1")` and `-1` included."""
    while isinstance(value, ast.Call | ast.UnaryOp):
        if isinstance(value, ast.Call) and (_called(value) not in _MAKERS or not value.args):
            return None
        value = value.args[0] if isinstance(value, ast.Call) else value.operand
    return value if isinstance(value, ast.Constant) and isinstance(value.value, int | float | str) else None


def _argument(arguments: ast.arguments, default: ast.AST) -> str:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += [(arg, value) for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    return next(arg.arg for arg, value in pairs if value is default)


def _sounds_like_a_rule(name: str) -> bool:
    return not _RULE_WORDS.isdisjoint(re.findall("[a-z]+", re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()))


def _is_harmless(node: ast.Constant, parents: _Parents) -> bool:
    """In an example, a docstring, a text, a setting's declaration; a group of a match; where a shown text is cut."""
    child: ast.AST = node
    while (above := parents.get(child)) is not None:
        if isinstance(above, ast.Expr | ast.JoinedStr) and child is node:
            return True
        if isinstance(above, ast.keyword) and above.arg == "example":
            return True
        if isinstance(above, ast.Call) and _called(above) in _NO_ORDER:
            return True
        if isinstance(above, ast.Subscript) and child is above.slice:
            shown = _called(above.value) in ("str", "repr")
            return shown or (isinstance(above.value, ast.Name) and above.value.id == "match")
        child = above
    return False


def _called(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _fallbacks(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What stands in for a parameter that the owner did not write, a number or not."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[asked, _, _]) if _is_of_params(asked):
                yield node.lineno, f"{ast.unparse(node)}: a default for a parameter"
            case ast.Call(func=ast.Attribute(value=asked, attr="get" | "pop" | "setdefault"), args=[_, default]):
                if _is_of_params(asked) and not _is_empty(default):
                    yield node.lineno, f"{ast.unparse(node)}: a default for a parameter"
            case ast.BoolOp(op=ast.Or(), values=[asked, *_, last]) if _is_of_params(asked) and _stands_in(last):
                yield node.lineno, f"{ast.unparse(node)}: a fallback for a parameter"
            case ast.IfExp(body=asked, orelse=other) if _is_of_params(asked) and _inner(other) is not None:
                yield node.lineno, f"{ast.unparse(node)}: a fallback for a parameter"


def _is_of_params(node: ast.AST) -> bool:
    """`params.x`, `self._params.x`, `self.params`: whatever is reached through something called params."""
    if isinstance(node, ast.Name):
        return node.id.lower().endswith("params")
    return isinstance(node, ast.Attribute) and (node.attr.lower().endswith("params") or _is_of_params(node.value))


def _stands_in(value: ast.AST) -> bool:
    """Not another parameter, not a condition, not an empty collection to walk through."""
    return not (_is_of_params(value) or _is_empty(value) or isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp))


def _is_empty(value: ast.AST) -> bool:
    return ast.unparse(value) in ("{}", "[]", "()", "None", "''", "frozenset()", "set()")
