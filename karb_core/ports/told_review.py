"""What every channel's review looks at: what is told after so much of something has to say how much."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.ports.file_facts import Concern
from karb_core.rules.told import BOUNDED, TellParams
from karb_core.texts.text import Words


def unbounded(params: TellParams) -> Iterator[Concern]:
    """Each kind that is told and has no bound, and each bound of what is not told."""
    written = {kind for kind in BOUNDED if params.after is not None and getattr(params.after, kind) is not None}
    told: set[str] = {kind for kind in params.tell if kind in BOUNDED}
    for kind in sorted(told - written):
        yield Concern(
            ("tell",),
            Words(
                f"`{kind}` is told after so much of it, and nobody says how much",
                f"`{kind}`을(를) 얼마 뒤에 알릴지 쓰여 있지 않습니다",
            ),
            Words(
                f"write `after:` with {kind}, such as {_EXAMPLES[kind]}",
                f"`after:`에 {kind}을(를) {_EXAMPLES[kind]}처럼 쓰세요",
            ),
        )
    for kind in sorted(written - told):
        yield Concern(
            ("after", kind),
            Words(f"`{kind}` has a bound and is not told", f"`{kind}`의 값은 있지만 `tell`에 없습니다"),
            Words(f"add `{kind}` to `tell`, or take this away", f"`tell`에 `{kind}`을(를) 넣거나 이 줄을 지우세요"),
        )


_EXAMPLES = dict(zip(BOUNDED, ("`3`", "`1m`", "`12h`", "`[500 USDT]`", "`15%`", "`14d`"), strict=True))
