"""What every command prints, word for word, in English and in Korean."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Karb
from tests.cli.files import EPOCH, write, wrong
from tests.cli.golden import assert_golden, transcript
from tests.cli.shipped import GOLDEN

KIMP = "strategies/kimp_tiered.yaml"
PRICES = [
    "--price", "upbit BTC/KRW=158,849,000", "--price", "binance_usdm BTC/USDT=113,000",
    "--price", "upbit ETH/KRW=4,500,000", "--price", "binance_usdm ETH/USDT=3,200",
    "--price", "upbit XRP/KRW=3,100", "--price", "binance_usdm XRP/USDT=2.2", "--price", "USDT/KRW=1,392.43",
]  # fmt: skip
BECAUSE = ["--because", "first rules"]

CASES = {
    "check": ["check", KIMP],
    "check_prices": ["check", KIMP, *PRICES],
    "check_prices_ko": ["--lang", "ko", "check", KIMP, *PRICES],
    "check_several": ["check", "strategies/quickstart.yaml", "wrong.yaml", "nowhere.yaml"],
    "check_wrong": ["check", "wrong.yaml"],
    "check_wrong_ko": ["--lang", "ko", "check", "wrong.yaml"],
    "check_wrong_json": ["check", "wrong.yaml", "nowhere.yaml", KIMP, "--format", "json"],
    "plan": ["plan", KIMP],
    "plan_ko": ["--lang", "ko", "plan", "strategies/quickstart.yaml"],
    "plan_json": ["plan", "strategies/quickstart.yaml", "--format", "json"],
    "diff_two_files": ["diff", KIMP, "looser.yaml"],
    "diff_two_files_ko": ["--lang", "ko", "diff", KIMP, "looser.yaml"],
    "diff_two_files_json": ["diff", KIMP, "looser.yaml", "--format", "json"],
    "list": ["list"],
    "list_port": ["list", "risk-gates"],
    "list_json": ["list", "sizing", "--format", "json"],
    "describe": ["describe", "sizing.by_tier"],
    "describe_gate_ko": ["--lang", "ko", "describe", "gates.max_position"],
    "describe_json": ["describe", "gates.max_position", "--format", "json"],
    "schema_of_one": ["schema", "premium.zscore"],
    "explain": ["explain"],
    "explain_code": ["explain", "K204"],
    "explain_code_ko": ["--lang", "ko", "explain", "K204"],
    "explain_code_json": ["explain", "K405", "--format", "json"],
    "new_strategy": ["new", "strategy", "premium.zscore_tiers,sizing.by_tier,gates.fresh,alerts.console"],
    "new_strategy_ko": ["--lang", "ko", "new", "strategy", "premium.zscore"],
    "doctor": ["doctor"],
    "doctor_files": ["doctor", "--plugin", "alerts", KIMP, "wrong.yaml", "nowhere.yaml"],
    "doctor_json": ["doctor", "--plugin", "alerts", KIMP, "--format", "json"],
}


@pytest.mark.parametrize("name", CASES)
def test_prints(name: str, karb: Karb):
    wrong()
    looser()
    arguments = CASES[name]
    assert_golden(GOLDEN / "cli" / f"{name}.txt", transcript(arguments, karb(*arguments)))


def test_prints_a_lock_and_its_history(karb: Karb, home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    write("kimp.yaml")
    steps = [["lock", "kimp.yaml", *BECAUSE], ["lock", "kimp.yaml"], ["lock", "kimp.yaml", "--check"]]
    told = [transcript(step, karb(*step)) for step in steps]
    looser("kimp.yaml")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) + 86_400))
    because = ["--because", "버틸 여유를 더 둔다"]
    later = [
        ["diff", "kimp.yaml"],
        ["--lang", "ko", "diff", "kimp.yaml"],
        ["diff", "kimp.yaml", "--format", "json"],
        ["lock", "kimp.yaml", "--check"],
        ["lock", "kimp.yaml"],
        ["lock", "kimp.yaml", *because],
        ["diff", "kimp.yaml"],
        ["diff", "kimp.yaml", "--history"],
        ["diff", "kimp.yaml", "--history", "--format", "json"],
    ]
    told += [transcript(step, karb(*step)) for step in later]
    last = ["lock", "kimp.yaml", "--check"]
    told.append(transcript(last, karb(*last), home / "kimp.lock"))
    assert_golden(GOLDEN / "cli" / "lock.txt", "\n".join(told))


def looser(path: str = "looser.yaml") -> str:
    """One limit looser, one tighter, a rule switched on, an assumption and a setting changed."""
    return write(
        path,
        ("single: 40%", "single: 60%"),
        ("extreme: {z: 3.0", "extreme: {z: 3.2"),
        ("stop_loss: none", "stop_loss: 3%"),
        ("  - {use: gates.profit_only_exit, at: [exit]}\n", ""),
        ("slippage: 3bp", "slippage: 5bp"),
        ("tell: [entry, exit, refusal, halt]", "tell: [entry, exit, halt]"),
    )
