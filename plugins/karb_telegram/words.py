"""What the bot says to its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from karb_core.domain.halt import Halt

if TYPE_CHECKING:
    from karb_core.ports import Topic

#: Told only after the owner said it a second time.
CONFIRMED = {"/reduce": Halt.REDUCE_ONLY, "/flatten": Halt.FLATTEN}
ASKED: dict[str, Topic] = {
    "/status": "status", "/position": "position", "/positions": "position", "/kimp": "kimp", "/pnl": "pnl", "/why": "why",
}  # fmt: skip

_WORDS: dict[str, tuple[str, str]] = {
    "help": (
        "/stop: no entries\n/reduce, /flatten: asked again first\n/resume\n/ack: alerts that stand are seen\n/status /position /kimp /pnl /why",
        "/stop: 진입 중지\n/reduce(축소만), /flatten(전부 청산): 먼저 한 번 더 묻습니다\n/resume: 재개\n/ack: 알림 확인\n/status /position /kimp /pnl /why",
    ),
    "acknowledged": ("{count} alerts acknowledged", "알림 {count}건을 확인했습니다"),
    "approve": (
        "Nothing waits for an approval: this release has no gate that asks you.",
        "승인을 기다리는 것이 없습니다. 이 버전에는 묻는 게이트가 없습니다.",
    ),
    "confirm.reduce-only": (
        "Reduce only: nothing is entered, and an entry that has begun is traded back. What is open leaves by your rules. "
        "Do it? /yes {code} (within {seconds} s)",
        "축소만: 진입하지 않고, 시작된 진입은 되돌립니다. 열린 것은 규칙대로 나갑니다. 할까요? /yes {code} ({seconds}초 안에)",
    ),
    "confirm.flatten": (
        "Flatten: EVERYTHING that karb has open is brought back to nothing at the prices of then; no gate is asked. "
        "Do it? /yes {code} (within {seconds} s)",
        "전부 청산: karb가 연 모든 것을 그때 가격으로 되돌립니다. 게이트에 묻지 않습니다. 할까요? /yes {code} ({seconds}초 안에)",
    ),
    "unconfirmed": ("Nothing was done: that is not the code, or it is too late.", "하지 않았습니다. 코드가 다르거나 늦었습니다."),
    "old": ("Nothing was done: `{text}` was sent long ago. Send it again if you mean it now.",
            "하지 않았습니다. `{text}`은(는) 오래전에 보낸 것입니다. 지금도 원하시면 다시 보내 주세요."),
    "done.no-entries": ("🛑 Stopped: no entries. What is open leaves by your rules. /resume ends it.",
                        "🛑 진입을 멈췄습니다. 열린 것은 규칙대로 나갑니다. /resume으로 풉니다."),
    "done.reduce-only": ("🛑 Reduce only.", "🛑 축소만 합니다."),
    "done.flatten": ("🛑 Flattening: /position shows what is still open.", "🛑 전부 청산 중입니다. /position에서 남은 것을 보세요."),
    "done.resume": ("🟢 Resumed what is no more true.", "🟢 더는 사실이 아닌 정지를 풀었습니다."),
    "waits.no-entries": ("Written down, and not taken yet: no entries.", "적어 두었고 아직 처리되지 않았습니다: 진입 중지."),
    "waits.reduce-only": ("Written down, and not taken yet: reduce only.", "적어 두었고 아직 처리되지 않았습니다: 축소만."),
    "waits.flatten": ("Written down, and not taken yet: flatten.", "적어 두었고 아직 처리되지 않았습니다: 전부 청산."),
    "waits.resume": ("Written down, and not taken yet: resume.", "적어 두었고 아직 처리되지 않았습니다: 재개."),
    "stays": ("stays: {why}", "그대로: {why}"),
    "left": ("not taken by: {names}. Look whether the desk hangs.", "처리하지 않음: {names}. 데스크가 멈췄는지 확인하세요."),
    "failed": ("It could not be done: {why}", "하지 못했습니다: {why}"),
}  # fmt: skip


def say(key: str, lang: str, **fills: object) -> str:
    return _WORDS[key][int(lang == "ko")].format(**fills)
