"""K1xx: the file, its characters, its YAML."""

from __future__ import annotations

from karb_core.texts.page import Page

READING_PAGES = {
    "K100": Page(
        (
            "The file could not be read at all.",
            "파일을 전혀 읽을 수 없습니다.",
        ),
        (
            "It is not there, is a folder, may not be read, is empty, or is not saved as UTF-8 text. karb does not "
            "guess which file or which letters were meant: a strategy read wrongly would trade wrongly.",
            "파일이 없거나, 폴더이거나, 읽을 권한이 없거나, 비어 있거나, UTF-8 텍스트가 아닙니다. karb는 어떤 "
            "파일이나 글자를 뜻했는지 짐작하지 않습니다. 잘못 읽은 전략은 잘못 거래합니다.",
        ),
        "karb check kimp.yml            # the file is called kimp.yaml",
        "karb check kimp.yaml",
    ),
    "K101": Page(
        (
            "This is not YAML that can be read in only one way.",
            "한 가지로만 읽히는 YAML이 아닙니다.",
        ),
        (
            "A tab, an open quote or bracket, or indentation that fits no line above. Everything behind such a place "
            "could belong to another block, so nothing of the file is used until it is mended.",
            "탭, 닫히지 않은 따옴표나 괄호, 맞지 않는 들여쓰기입니다. 그 뒤의 모든 줄이 다른 블록에 속할 수 있으므로, "
            "고칠 때까지 파일의 어떤 값도 쓰지 않습니다.",
        ),
        'reserve: "5%',
        "reserve: 5%",
    ),
    "K103": Page(
        (
            "The same key is written twice in one block.",
            "같은 블록에 같은 키가 두 번 쓰였습니다.",
        ),
        (
            "Many YAML readers silently take the last one: a second `risk_gates:` would remove every gate of the "
            "first. karb refuses both and shows both places.",
            "많은 YAML 판독기는 말없이 마지막 것을 씁니다. `risk_gates:`가 두 번 있으면 첫 번째의 게이트가 모두 "
            "사라집니다. karb는 둘 다 받지 않고 두 곳을 모두 보여 줍니다.",
        ),
        "capital: 40,000,000 KRW\ncapital: 60,000,000 KRW",
        "capital: 40,000,000 KRW",
    ),
    "K104": Page(
        (
            "A character here is not the one it looks like.",
            "보이는 것과 다른 글자가 있습니다.",
        ),
        (
            "Full-width signs, curly quotes, no-break and zero-width spaces come from word processors, chats and "
            "input methods. They turn a key into another key, or a number into text. Comments may hold any letter.",
            "전각 기호, 둥근 따옴표, 줄바꿈 없는 공백, 폭 없는 공백은 문서 편집기나 메신저, 입력기에서 섞여 "
            "들어옵니다. 키를 다른 키로, 숫자를 글자로 바꿉니다. 주석에는 어떤 글자든 쓸 수 있습니다.",
        ),
        "reserve: 5％",
        "reserve: 5%",
    ),
    "K105": Page(
        (
            "Anchors, aliases and merge keys (`&`, `*`, `<<`) are not used in strategy files.",
            "전략 파일에는 앵커, 별칭, 병합 키(`&`, `*`, `<<`)를 쓰지 않습니다.",
        ),
        (
            "Every rule has a line of its own, which decisions cite and the lock approves. A value that comes from "
            "another place would change without its line changing.",
            "규칙마다 자기 줄이 있고, 결정은 그 줄을 인용하고 잠금은 그 줄을 승인합니다. 다른 곳에서 온 값은 그 줄이 "
            "그대로인데도 바뀔 수 있습니다.",
        ),
        "capital: &money 40,000,000 KRW",
        "capital: 40,000,000 KRW",
    ),
    "K106": Page(
        (
            "YAML tags (`!name`) are not used in strategy files.",
            "전략 파일에는 YAML 태그(`!이름`)를 쓰지 않습니다.",
        ),
        (
            "A tag makes other programs run code or look a value up while they read. A strategy says what it says; a "
            "secret is named as plain text, `secret:NAME`, and looked up only when it is used.",
            "태그는 읽는 동안 코드를 실행하거나 값을 찾아오게 합니다. 전략은 쓰인 그대로입니다. 비밀값은 "
            "`secret:이름`이라는 글자로만 쓰고, 쓸 때에만 찾습니다.",
        ),
        "- {use: upbit.orders, with: {keys: !secret upbit}}",
        "- {use: upbit.orders, with: {keys: secret:upbit}}",
    ),
    "K107": Page(
        (
            "The file is nested deeper, or has more values, than any strategy.",
            "전략 파일이라기에는 너무 깊거나 값이 너무 많습니다.",
        ),
        (
            "A strategy is a page or two. A file of this size is another one given by mistake, or was made to fill "
            "the memory of whoever reads it.",
            "전략은 한두 쪽입니다. 이만한 파일은 잘못 준 다른 파일이거나, 읽는 프로그램의 메모리를 채우려고 만든 "
            "것입니다.",
        ),
        f"reserve: {'[' * 33}5%{']' * 33}",
        "reserve: 5%",
    ),
    "K110": Page(
        (
            "YAML readers do not agree on what this unquoted value is.",
            "YAML 판독기마다 다르게 읽는 값입니다.",
        ),
        (
            "`no` is false for one reader and a word for another; `010` is eight or ten. karb takes neither side: "
            "write the value in the one way that all of them read alike, or put it in quotes.",
            "`no`는 어떤 판독기에는 거짓, 다른 판독기에는 글자입니다. `010`은 8일 수도 10일 수도 있습니다. karb는 "
            "어느 쪽도 고르지 않습니다. 모두가 똑같이 읽는 방식으로 쓰거나 따옴표로 묶으세요.",
        ),
        "about: no",
        'about: "no"',
    ),
    "K111": Page(
        (
            "A `#` without a space before it is part of the value, not a comment.",
            "앞에 공백이 없는 `#`은 주석이 아니라 값의 일부입니다.",
        ),
        (
            "The note that was meant for people would be read as part of the rule.",
            "사람을 위해 쓴 메모가 규칙의 일부로 읽힙니다.",
        ),
        "about: enters at 3%#for now",
        "about: enters at 3% #for now",
    ),
    "K112": Page(
        (
            "A comma inside braces or brackets split this number.",
            "괄호 안의 쉼표가 숫자를 나누었습니다.",
        ),
        (
            "Inside `{ }` and `[ ]` a comma ends the value: `[31,000 USDT]` is a list of `31` and `000 USDT`. Use `_` "
            "between the groups, put the amount in quotes, or give it a line of its own.",
            "`{ }`와 `[ ]` 안에서는 쉼표가 값을 끝냅니다. `[31,000 USDT]`는 `31`과 `000 USDT`의 목록입니다. 자릿수를 "
            "`_`로 나누거나, 따옴표로 묶거나, 한 줄에 따로 쓰세요.",
        ),
        "binance_usdm: [31,000 USDT]",
        "binance_usdm: [31_000 USDT]",
    ),
}
