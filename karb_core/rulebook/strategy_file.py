"""A strategy file as a whole: the sections, in the order in which an owner reads them."""

from __future__ import annotations

from typing import Annotated, Literal

from karb_core.rulebook.sections import Balances, Costs, Execution, Funds, Pairs
from karb_core.rulebook.strategy_tests import StrategyTest
from karb_core.rules.choices import Exactly, IfGiven, IfGivenLater, Listed, OrNone, Some
from karb_core.rules.money import PositiveMoney
from karb_core.rules.names import Line, ShortName
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import alternative, assumption, component, rule, tech, wiring
from karb_core.rules.slot import GateSlot, Slot

FORMAT = 1


class FxSeats(Params):
    """Two rates: what the premium is measured at, and what money is booked at."""

    premium: Slot = component(
        "fx_source", "the rate the premium is measured at", ko="프리미엄을 재는 환율 (사람들이 말하는 김프의 환율)"
    )
    money: Slot = component(
        "fx_source", "the rate fills, funding and margin are booked at", ko="체결·펀딩·증거금을 환산하는 환율"
    )


class Simulate(Params):
    """What takes the executors' place outside live. It changes no live order and is digested apart."""

    backtest: OrNone[Slot] = component("executor", "how fills are simulated in a backtest", ko="백테스트의 체결 가정")
    paper: OrNone[Slot] = component("executor", "how fills are simulated in paper", ko="페이퍼의 체결 가정")


class StrategyFile(Params):
    """The owner's file. What is not written is not done."""

    karb: Annotated[int, Exactly(FORMAT)] = wiring(
        "the version of this file's format", ko="이 파일 형식의 버전", example="1"
    )
    name: ShortName = wiring("the strategy's name", ko="전략 이름", example="kimp-tiered")
    about: Line = tech("", "what this strategy does, for people", ko="전략 설명 (사람을 위한 글)")
    mode: Literal["backtest", "paper", "live"] = rule(
        "the boldest mode this file may run in", ko="이 파일이 실행될 수 있는 가장 과감한 모드", example="paper"
    )
    capital: PositiveMoney = rule(
        "the base of percentages, nothing else", ko="비율의 기준이 되는 자본", example="40,000,000 KRW", tighter="lower"
    )
    reserve: Ratio = rule(
        "of capital, left free at each venue that pays for a leg; never deployed",
        ko="자본 중 각 거래소에 남겨 두는 비율, 절대 투입하지 않음",
        example="5%",
        tighter="higher",
    )
    funds: IfGiven[Funds] = alternative(
        "what of each account this file may use, where several files trade at one account; coins stand in inventory",
        ko="여러 파일이 한 계좌를 쓸 때 이 파일이 쓸 수 있는 금액 (코인은 inventory에)",
        absent="all of it: this file runs alone at its accounts",
    )
    balances: Balances = assumption(
        "what each account opens with in backtest and paper; in live the venues are asked",
        ko="백테스트와 페이퍼에서 각 계좌의 시작 잔고 (라이브에서는 거래소에 물어봄)",
    )
    inventory: OrNone[Balances] = rule(
        "your own coins, per venue: what short_premium may sell and must buy back; or `none`",
        ko="거래소별 보유 코인: short_premium이 팔 수 있고 다시 사야 하는 수량, 없으면 `none`",
    )
    pairs: Pairs = rule("what is traded against what", ko="무엇과 무엇을 거래하는지")
    feeds: Some[Slot] = component("feed", "where market data come from", ko="시장 데이터의 출처")
    fx_source: OrNone[FxSeats] = component(
        "fx_source", "the two rates, or `none` where no pair needs one", ko="두 가지 환율"
    )
    signal: Slot = component("signal", "what judges the premium", ko="프리미엄을 판단하는 신호")
    sizing: Slot = component("sizing", "how much is traded", ko="얼마나 거래할지")
    risk_gates: Listed[GateSlot] = component(
        "risk_gate", "asked in this order; all must pass", ko="이 순서로 묻는 리스크 게이트, 모두 통과해야 함"
    )
    execution: Execution = rule("how the legs are carried out", ko="두 다리를 어떻게 체결할지")
    executors: Some[Slot] = component("executor", "who places orders in live", ko="라이브에서 주문을 내는 부품")
    costs: Costs = rule("fees assumed where the venue cannot be asked", ko="거래소에 물을 수 없을 때 가정하는 수수료")
    simulate: Simulate = component(
        "executor", "what takes the executors' place outside live", ko="라이브가 아닐 때의 체결 가정"
    )
    notifiers: Listed[Slot] = component("notifier", "who tells you", ko="알림을 보내는 부품")
    tests: IfGivenLater[Some[StrategyTest]] = alternative(
        "moments, and what the rules are to do with them: carried out by `karb test`, no part of what is approved",
        ko="어떤 순간에 규칙이 무엇을 해야 하는지. `karb test`가 확인하며 승인 대상이 아님",
        absent="none are carried out",
    )
