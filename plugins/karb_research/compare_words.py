"""What `karb compare` calls things, in both languages."""

from __future__ import annotations

from karb_core.texts.text import Words
from karb_research.decisions_apart import Who, Why

FIGURES = Words("Side by side", "나란히")
LINES = Words("Lines that differ", "다른 줄")
DECISIONS = Words("Decisions that differ", "다른 결정")
NO_LINES = Words("no line differs", "다른 줄이 없습니다")
UNSTATED = Words("not stated", "없음")
WHO = {
    Who.BASE: Words("only {base}", "{base}만"),
    Who.OTHER: Words("only {other}", "{other}만"),
    Who.BOTH: Words("both, other amounts", "둘 다, 다른 수량"),
}
WHY = {
    Why.LINE: Words("by the line it cites", "인용한 줄"),
    Why.REFUSED: Words("refused by the line", "줄이 거부"),
    Why.FOLLOWS: Words("follows from what differed before", "앞서 달라진 결과"),
    Why.SHAPES: Words("by what is judged", "판단하는 값이 다름"),
    Why.ASSUMED: Words("only assumptions differ", "가정만 다름"),
    Why.DATA: Words("the data are others", "데이터가 다름"),
    Why.UNKNOWN: Words("no line was found", "줄을 찾지 못함"),
}
OTHER_ASSUMPTIONS = Words(
    "{other} rests on other assumptions than {base}: what they earn is not comparable as it stands",
    "{other}의 가정이 {base}와 다릅니다. 손익을 그대로 비교할 수 없습니다",
)
OTHER_DATA = Words(
    "{other} was carried out over other data than {base}: decisions may differ by that alone",
    "{other}은(는) {base}와 다른 데이터로 실행되었습니다. 그것만으로도 결정이 다를 수 있습니다",
)
FEW = Words("name two or more: karb compare one.yaml two.yaml", "둘 이상을 쓰세요: karb compare one.yaml two.yaml")

STUDY_SAYS = Words(
    "--study states its files, data and days itself", "--study 파일이 전략과 데이터와 날을 스스로 정합니다"
)


def same_decisions(count: int) -> Words:
    return Words(f"none of {count}", f"{count}건 중 없음")


def more(count: int) -> Words:
    return Words(f"and {count} more: --format json has all", f"그리고 {count}건 더: --format json에 모두 있습니다")


def filled(words: Words, base: str, other: str) -> Words:
    return Words(words.en.format(base=base, other=other), words.ko.format(base=base, other=other))
