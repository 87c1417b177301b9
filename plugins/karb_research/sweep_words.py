"""What a sweep's table and page call things, in both languages, and how they show figures."""

from __future__ import annotations

from karb_core.texts.text import Words
from karb_research.figures_shown import percent_of, plain
from karb_research.goal import Reached
from karb_research.sweep_table import SweepTable, TableRow

NONE = "·"
HEADS = {
    "number": Words("point", "점"),
    "trades": Words("trades", "거래"),
    "net": Words("net", "순손익"),
    "max_drawdown": Words("drawdown", "낙폭"),
    "sharpe": Words("Sharpe", "샤프"),
    "sharpe_in": Words("Sharpe in", "샤프 안"),
    "sharpe_out": Words("Sharpe out", "샤프 밖"),
    "around": Words("neighbours", "이웃"),
    "deflated": Words("deflated", "보정"),
}
NOT_CARRIED = Words(
    "Points that cannot be carried out, as `karb check` or the data say:",
    "실행할 수 없는 점 (`karb check`나 데이터가 말하는 이유):",
)
STOPPED = Words("stopped: what was found out is kept, the same study goes on", "멈춤: 찾은 것은 저장되어 이어집니다")
NO_ADVICE = Words(
    "The rows stand in the order of the study, not of merit. Nothing here is advice, and no file was changed.",
    "행은 좋은 순서가 아니라 연구에 쓴 순서입니다. 권하는 값이 아니며, 어떤 파일도 바꾸지 않았습니다.",
)


def head(table: SweepTable) -> Words:
    """How many points there are, and how they were come by."""
    swept = table.swept
    known, refused = len(swept.rows) - swept.carried, len(swept.rows) - table.tries
    en = f"{len(swept.rows):,} of {swept.grid.size:,} points: {swept.carried:,} carried out now, {known:,} known before"
    ko = f"점 {swept.grid.size:,}개 중 {len(swept.rows):,}개: 지금 실행 {swept.carried:,}개, 이미 아는 것 {known:,}개"
    return Words(f"{en}, {refused:,} cannot be", f"{ko}, 실행할 수 없는 것 {refused:,}개") if refused else Words(en, ko)


def reached(found: Reached, table: SweepTable) -> Words:
    """How many points reach a goal; it is said that none does."""
    inside, outside, written = len(found.inside), len(found.both), found.goal.written
    en = f"goal {written}: {inside:,} of {table.tries:,} points reach it in sample, {outside:,} of those out of sample too"
    ko = f"목표 {written}: {table.tries:,}개 중 표본 안 {inside:,}개, 그중 표본 밖에서도 {outside:,}개"
    if found.both:
        return Words(en, ko)
    return Words(f"{en}: none reaches it in both", f"{ko}: 안팎에서 모두 이르는 점이 없습니다")


def meaning(table: SweepTable) -> Words:
    """What the columns that are not everyday words say."""
    stretch_en, stretch_ko = ("in sample", "표본 안") if table.swept.out_of_sample else ("of all days", "모든 날")
    return Words(
        f"neighbours: median Sharpe one step away; deflated: how likely the Sharpe {stretch_en} is more than the best of"
        f" {table.tries:,} tries by chance (Bailey, López de Prado 2014)",
        f"이웃: 한 칸 옆 점들의 샤프 중앙값; 보정: {stretch_ko} 샤프가 {table.tries:,}번 시도의 우연한 최고보다 나을 확률"
        " (Bailey, López de Prado 2014)",
    )


def columns(table: SweepTable) -> list[str]:
    split = ["sharpe_in", "sharpe_out"] if table.swept.out_of_sample else ["sharpe"]
    return ["trades", "net", "max_drawdown", *split, "around", "deflated"]


def cell(key: str, row: TableRow) -> str:
    """`·` for what has no meaning."""
    figures = row.figures
    if figures is None:
        return NONE
    match key:
        case "trades":
            return f"{figures.whole.trades:,}"
        case "net":
            return plain(figures.whole.net)
        case "max_drawdown":
            return percent_of(figures.whole.max_drawdown)
        case "sharpe" | "sharpe_in":
            return number(figures.judged.sharpe)
        case "sharpe_out":
            return number(None if figures.outside is None else figures.outside.sharpe)
        case "around":
            return number(row.around.sharpe)
        case _:
            return number(row.deflated)


def number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"
