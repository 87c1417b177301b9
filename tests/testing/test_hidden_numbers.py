"""The scan finds what it is made to find, and our own code that can change an order is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.plugin.hidden_numbers import HiddenNumber, hidden_numbers, is_exempt, scan

HOUSE = Path(__file__).parents[2]
SCANNED = [
    "plugins",
    *(f"karb_core/{room}" for room in ("rules", "rulebook", "plugin", "ports", "connection", "engine", "wiring")),
]

PLANTED = {
    "age > 5": "5 in a comparison",
    "5 <= age": "5 in a comparison",
    "0 < premium < 0.03": "0.03 in a comparison",
    "premium < -0.03": "-0.03 in a comparison",
    "premium > Decimal('0.03')": "'0.03' in a comparison",
    "premium > Decimal('-1.5e-3')": "'-1.5e-3' in a comparison",
    "count in (3, 1)": "3 in a comparison",
    "size * 3": "3 in arithmetic",
    "size ** 0.5": "0.5 in arithmetic",
    "size *= 1.5": "1.5 in arithmetic",
    "size //= 50": "50 in arithmetic",
    "x = Decimal('0.0005')": "'0.0005' as the value of `x`",
    "x = Decimal(37000)": "37000 as the value of `x`",
    "x = Fraction('1_000_000')": "'1_000_000' as the value of `x`",
    "x = float('.5')": "'.5' as the value of `x`",
    "x: int = 30": "30 as the value of `x`",
    "use(Decimal('0.08'))": "'0.08' given to `use`",
    "limit or Amount(3, 'KRW')": "3 given to `Amount`",
    "timedelta(seconds=30)": "30 as `seconds=`",
    "TABLE = {'normal': 3}": "3 as the value of `TABLE`",
    "LEVERAGE = 2": "2 as the value of `LEVERAGE`",
    "maxAge = 1": "1 as the value of `maxAge`",
    "self.max_retries = Decimal('2')": "'2' as the value of `self.max_retries`",
    "table.get('fee', 0.03)": "0.03 as a fallback",
    "table.get('fee', 0)": "0 as a fallback",
    "table.get('fee', Decimal(0))": "0 as a fallback",
    "table.pop('fee', 1)": "1 as a fallback",
    "table.setdefault('fee', 1)": "1 as a fallback",
    "fees[name] = fees.get(other, 0) + fee": "0 as a fallback",
    "fees[name] = fees.get(name, 5) + fee": "5 as a fallback",
    "def check(self, plan: Literal[5]): ...": "5 as a position",
    "def check(self, plan: 5): ...": "5 in an annotation",
    "getattr(tier, 'fee', 0)": "0 as a fallback",
    "getattr(params, 'fee', None)": "getattr(params, 'fee', None): a default for a parameter",
    "getattr(self._params, 'fee', FEE)": "getattr(self._params, 'fee', FEE): a default for a parameter",
    "params.tiers.get(name, OTHER)": "params.tiers.get(name, OTHER): a default for a parameter",
    "params.limit or LIMIT": "params.limit or LIMIT: a fallback for a parameter",
    "self._params.exit.limit or limit()": "self._params.exit.limit or limit(): a fallback for a parameter",
    "limit or 1": "1 as a fallback",
    "limit or Decimal('1')": "'1' as a fallback",
    "params.limit if params.limit else 1": "params.limit if params.limit else 1: a fallback for a parameter",
    "params.limit if given else Decimal(0)": "params.limit if given else Decimal(0): a fallback for a parameter",
    "limit if limit else 3": "3 in code",
    "def check(self, plan, limit=1): ...": "1 as the default of `limit`",
    "def check(self, plan, n=7): ...": "7 as the default of `n`",
    "def check(plan, /, old=1, *, maxAge=0): ...": "0 as the default of `maxAge`",
    "lambda threshold=2: threshold": "2 as the default of `threshold`",
    "gate(band=0)": "0 as `band=`",
    "gate(n=20)": "20 as `n=`",
    "gate(limit='20%')": "'20%' as `limit=`",
    "Gate.model_validate({'limit': '1,000 KRW'})": "'1,000 KRW' given to `Gate.model_validate`",
    "read('5s')": "'5s' given to `read`",
    "limit: PositiveRatio = rule('the most', le=30)": "30 as `le=`",
    "closes[-20:]": "-20 as a position",
    "return 3.5": "3.5 in code",
    "match n:\n    case 3: pass": "3 in code",
    "f'{size * 3:.2f}'": "3 in arithmetic",
    "x = 3j": "3j as the value of `x`",
    "text = '# karb: constant because no comment'; x = 3": "3 as the value of `x`",
    "x = 3  # karb: constant because": "3 as the value of `x`",
    "x = 3  # constant because it is so": "3 as the value of `x`",
    "# karb: constant because of the line below, not of the next\npass\nx = 3": "3 as the value of `x`",
}
CLEAN = [
    "size > 0",
    "size * -1 + 2 / 100 - 10000 // 1000",
    "total = Decimal(0)",
    "total = Decimal('1')",
    "limit = 0",
    "fees[name] = fees.get(name, 0) + fee",
    "self._fees[name] = add(self._fees.get(name, Decimal(0)), fee)",
    "limit = params.limit",
    "params.tiers[name].size",
    "for tier in params.tiers or {}: ...",
    "params.kept_for.get(name, ())",
    "params.when_high or params.when_low",
    "params.when_high is None or not held",
    "depth: int = tech(15, 'levels kept', ge=1, le=30)",
    "limit: PositiveRatio = rule('the most', example='20%')",
    "get_close_matches(name, tiers, 1, 0.6)",
    "str(error)[:200]",
    "Instrument(match[3])",
    "re.compile('[a-z]{0,39}')",
    "'3'",
    "self.values.get(path, Mark(1, 1))",
    "'K303'",
    "f'{size:.8f} {size:09d}5s'",
    "def check(self, plan, places=2): ...",
    "allowed = True",
    '"""5s"""',
    "x = 3  # karb: constant because a tripod has as many legs",
    "# karb: constant because a tripod has as many legs\nx = 3",
]


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_number_is_found_with_its_line(code: str) -> None:
    found = scan(f"import decimal\n\n\n{code}", "planted.py")
    assert HiddenNumber("planted.py", 4 + code.count("\n"), PLANTED[code]) in found


@pytest.mark.parametrize("code", CLEAN)
def test_a_number_without_an_opinion_is_left_alone(code: str) -> None:
    assert scan(code) == []


def test_an_exemption_covers_one_line_only() -> None:
    text = "x = 3  # karb: constant because of its legs\ny = 4\n# karb: constant because of its wheels\nz = 5\nw = 6\n"
    assert [(found.line, found.what) for found in scan(text)] == [
        (2, "4 as the value of `y`"),
        (5, "6 as the value of `w`"),
    ]


def test_a_gate_as_a_careless_author_writes_it() -> None:
    gate = '''
class Cap:
    """Denies what is above 20%."""

    def __init__(self, params):
        self._limit = params.limit or Decimal("0.2")

    def check(self, plan, view, account):
        if plan.size > self._limit or account.lots > 8:
            return Denied("cap", observed=plan.size)
        return Passed()
'''
    assert [(found.line, found.what) for found in scan(gate)] == [
        (6, "'0.2' as a fallback"),
        (6, "params.limit or Decimal('0.2'): a fallback for a parameter"),
        (9, "8 in a comparison"),
    ]


def test_a_folder_is_scanned_whole_but_for_what_is_left_out(tmp_path: Path) -> None:
    for name in ("gate.py", "deep/er/gate.py", "made/sample.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# 한국어\nx = 3\n", encoding="utf-8")
    found = hidden_numbers(tmp_path, [tmp_path / "made"])
    assert [(f.file, f.line) for f in found] == [(str(tmp_path / "deep/er/gate.py"), 2), (str(tmp_path / "gate.py"), 2)]
    assert hidden_numbers(tmp_path / "gate.py") == [HiddenNumber(str(tmp_path / "gate.py"), 2, "3 as the value of `x`")]


def test_a_place_without_code_is_not_clean(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hidden_numbers(tmp_path)
    with pytest.raises(FileNotFoundError):
        hidden_numbers(tmp_path / "misspelt.py")


@pytest.mark.parametrize("place", SCANNED)
def test_our_own_code_that_can_change_an_order_hides_no_number(place: str) -> None:
    if not list((HOUSE / place).rglob("*.py")):
        pytest.skip(f"{place} is not built yet")
    found = hidden_numbers(HOUSE / place)
    assert [f"{Path(f.file).relative_to(HOUSE)}:{f.line}: {f.what}" for f in found] == []


def test_a_file_that_decides_nothing_may_say_so_at_its_top() -> None:
    reason = "# karb: constants because it draws a made-up market\n"
    assert scan(f'"""A market."""\n\n{reason}\nx = 3\n') == []
    assert scan(f"import decimal\n\n{reason}x = 3\n") != []
    assert scan("# karb: constants because\nx = 3\n") != []


def test_of_ours_only_the_sample_says_so() -> None:
    said = {path for place in SCANNED for path in (HOUSE / place).rglob("*.py") if is_exempt(path.read_text("utf-8"))}
    assert {path.relative_to(HOUSE).parent.as_posix() for path in said} == {"plugins/karb_replay/sample"}
