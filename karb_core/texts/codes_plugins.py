"""K490 and K9xx: what a plugin says, and what is wrong with karb or a plugin rather than with the file."""

from __future__ import annotations

from karb_core.texts.page import Page

PLUGIN_PAGES = {
    "K490": Page(
        (
            "A component objects to the file, in its own words.",
            "부품이 파일에 대해 스스로 이의를 제기합니다.",
        ),
        (
            "Plugins look at the whole file too, and may find what only they can know. The message is the plugin "
            "author's; the place is the line that it is about.",
            "플러그인도 파일 전체를 보고, 자신만 알 수 있는 문제를 찾을 수 있습니다. 문장은 플러그인 작성자의 것이고, "
            "위치는 그 문장이 가리키는 줄입니다.",
        ),
        "- {use: acme.gate, at: [entry], with: {quiet_from: 18:00, quiet_to: 09:00}}",
        "- {use: acme.gate, at: [entry], with: {quiet_from: 00:00, quiet_to: 09:00}}",
    ),
    "K900": Page(
        (
            "karb's two readings of this value disagree: not your mistake.",
            "karb의 두 가지 검사가 서로 다릅니다. 당신의 실수가 아닙니다.",
        ),
        (
            "Each file is read by the component's model and checked against the published schema. If one accepts what "
            "the other refuses, karb or the plugin is wrong, and the file is not run. Please report it with the line.",
            "파일은 부품의 모델로 읽고 공개된 스키마로 다시 검사합니다. 한쪽만 받아들이면 karb나 플러그인이 틀린 "
            "것이고, 파일은 실행되지 않습니다. 그 줄과 함께 알려 주세요.",
        ),
        "- {use: acme.gate, at: [entry], with: {limit: 5%}}    # a plugin whose schema is wrong",
        "- {use: acme.gate, at: [entry], with: {limit: 5%}}    # the same line, after the plugin's upgrade",
    ),
    "K901": Page(
        (
            "A component failed while it looked at the file.",
            "부품이 파일을 검사하다가 실패했습니다.",
        ),
        (
            "What it would have warned about is unknown, so the file counts as wrong. Upgrade the plugin, report it "
            "to its author, or use another component.",
            "무엇을 경고하려 했는지 알 수 없으므로 잘못된 파일로 봅니다. 플러그인을 업그레이드하거나, 작성자에게 "
            "알리거나, 다른 부품을 쓰세요.",
        ),
        "- {use: acme.gate, at: [entry], with: {limit: 5%}}",
        "- {use: gates.max_position, at: [entry], with: {of: capital, single: 5%}}",
    ),
}
