"""K2xx and K3xx: sections, components, keys and values."""

from __future__ import annotations

from karb_core.texts.page import Page

_FEEDS = "feeds:\n  - {use: upbit.stream}\n  - {use: binance_usdm.stream, with: {network: production}}"

COMPONENT_PAGES = {
    "K201": Page(
        (
            "The file as a whole is not a block of `section: ...` lines.",
            "파일 전체가 `섹션: ...` 줄로 이루어져 있지 않습니다.",
        ),
        (
            "It has only comments, or is a list or a single value. There is nothing in it that karb could carry out.",
            "주석뿐이거나, 목록이거나, 값 하나입니다. karb가 실행할 수 있는 것이 없습니다.",
        ),
        "- karb: 1\n- name: kimp-tiered",
        "karb: 1\nname: kimp-tiered",
    ),
    "K202": Page(
        (
            "There is no section of this name.",
            "그런 이름의 섹션은 없습니다.",
        ),
        (
            "What stands under it would be ignored, and you would believe it counts. karb ignores nothing.",
            "그 아래의 내용은 무시될 텐데, 당신은 그것이 적용된다고 믿게 됩니다. karb는 아무것도 무시하지 않습니다.",
        ),
        "reserv: 5%",
        "reserve: 5%",
    ),
    "K203": Page(
        (
            "A list is written as a block, or a block as a list.",
            "목록을 블록으로, 또는 블록을 목록으로 썼습니다.",
        ),
        (
            "Sections such as `feeds` and `risk_gates` take several entries, each beginning with `- `. Without the "
            "dashes a second entry would replace the first.",
            "`feeds`, `risk_gates` 같은 섹션은 여러 항목을 받고, 항목마다 `- `로 시작합니다. 없으면 두 번째 항목이 첫 "
            "번째를 대신하게 됩니다.",
        ),
        "feeds:\n  use: upbit.stream",
        _FEEDS,
    ),
    "K204": Page(
        (
            "This key cannot stand beside `use:`.",
            "`use:` 옆에 쓸 수 없는 키입니다.",
        ),
        (
            "A component's parameters stand under `with:` and nowhere else; beside `use:` there is only what karb "
            "itself reads (`id:`, and `at:` for gates). A limit in the wrong place would limit nothing.",
            "부품의 매개변수는 `with:` 아래에만 씁니다. `use:` 옆에는 karb가 직접 읽는 것(`id:`, 게이트의 `at:`)만 "
            "옵니다. 엉뚱한 곳에 쓴 한도는 아무것도 제한하지 않습니다.",
        ),
        "- {use: gates.max_position, at: [entry], of: capital, single: 40%}",
        "- {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}",
    ),
    "K205": Page(
        (
            "A component is named without `use:`, or a gate without `at:`.",
            "부품에 `use:`가 없거나 게이트에 `at:`이 없습니다.",
        ),
        (
            "`use:` says which component is meant. `at:` says whether a gate is asked at entries, at exits, or at "
            "both: a gate that also holds exits can keep you in a position, so only you decide that.",
            "`use:`는 어떤 부품인지, `at:`은 게이트를 진입에서 묻는지, 청산에서 묻는지, 둘 다인지 정합니다. 청산까지 "
            "막는 게이트는 포지션에 갇히게 할 수 있으므로 당신만이 정합니다.",
        ),
        "- {use: gates.profit_only_exit}",
        "- {use: gates.profit_only_exit, at: [exit]}",
    ),
    "K206": Page(
        (
            "The plugin is installed and has no component of this name for this section.",
            "플러그인은 있지만, 이 섹션에 쓸 수 있는 그 이름의 부품이 없습니다.",
        ),
        (
            "The name is misspelt, or the component belongs to another section. karb never takes a similar one "
            "instead; `karb list` shows what there is.",
            "이름이 틀렸거나 다른 섹션의 부품입니다. karb는 비슷한 것을 대신 쓰지 않습니다. `karb list`에서 볼 수 "
            "있습니다.",
        ),
        "use: premium.zscore_tier",
        "use: premium.zscore_tiers",
    ),
    "K207": Page(
        (
            "The plugin that this names is not installed, or cannot be used.",
            "여기서 부른 플러그인이 설치되어 있지 않거나 쓸 수 없습니다.",
        ),
        (
            "A strategy runs with exactly the components it names, or not at all. Install or repair the plugin (`karb "
            "doctor` says what is wrong with it), or name another component. The exit code is 5.",
            "전략은 파일에 쓰인 부품 그대로 실행되거나, 아예 실행되지 않습니다. 플러그인을 설치하거나 고치거나(`karb "
            "doctor`가 무엇이 문제인지 알려 줍니다), 다른 부품을 쓰세요. 종료 코드는 5입니다.",
        ),
        "money: {use: okx.usdt_krw, with: {max_age: 10s}}",
        "money: {use: upbit.usdt_krw, with: {max_age: 10s}}",
    ),
    "K208": Page(
        (
            "The file has a newer format than this karb reads.",
            "이 karb가 읽을 수 있는 것보다 새로운 형식의 파일입니다.",
        ),
        (
            "An older karb cannot know what newer lines mean, and half of a strategy is another strategy. Upgrade "
            "karb.",
            "오래된 karb는 새 줄의 뜻을 알 수 없습니다. 절반만 읽은 전략은 다른 전략입니다. karb를 업그레이드하세요.",
        ),
        "karb: 2",
        "karb: 1",
    ),
    "K209": Page(
        (
            "A section is missing.",
            "섹션이 빠졌습니다.",
        ),
        (
            "No section has a default. Where nothing is wanted, the file says so: `risk_gates: []`, `inventory: none`.",
            "어떤 섹션에도 기본값이 없습니다. 필요 없으면 그렇게 쓰세요: `risk_gates: []`, `inventory: none`.",
        ),
        "capital: 40,000,000 KRW",
        "capital: 40,000,000 KRW\nreserve: 5%",
    ),
    "K301": Page(
        (
            "There is no parameter of this name here.",
            "여기에는 그런 이름의 매개변수가 없습니다.",
        ),
        (
            "A misspelt rule that was ignored would be a rule you wrote and karb does not follow. `karb describe` "
            "shows the parameters of a component.",
            "틀린 이름을 무시한다면, 당신이 쓴 규칙을 karb가 따르지 않게 됩니다. `karb describe`가 부품의 매개변수를 "
            "보여 줍니다.",
        ),
        "min_premuim: 0.5%",
        "min_premium: 0.5%",
    ),
    "K302": Page(
        (
            "A rule that must be written is not written.",
            "꼭 써야 하는 규칙이 없습니다.",
        ),
        (
            "Rules have no default: a number that can change an order is the owner's, and karb invents none. Write "
            "the line; where the rule may be off, write `none`.",
            "규칙에는 기본값이 없습니다. 주문을 바꿀 수 있는 숫자는 주인의 것이고 karb는 만들어 내지 않습니다. 그 "
            "줄을 쓰세요. 쓰지 않을 수 있는 규칙이면 `none`이라고 쓰세요.",
        ),
        "price: {band: 20bp}",
        "price: {band: 20bp}\nunhedged_for: 10s",
    ),
    "K303": Page(
        (
            "This value cannot be what the rule means.",
            "이 규칙의 뜻에 맞지 않는 값입니다.",
        ),
        (
            "Most often the unit is missing: `0.05` could be 0.05 % or 5 %, a hundred times apart. Amounts of money "
            "are written with their asset, times and ratios with their unit.",
            "대개는 단위가 없습니다. `0.05`는 0.05 %일 수도 5 %일 수도 있고, 백 배 차이입니다. 금액은 통화와 함께, "
            "시간과 비율은 단위와 함께 씁니다.",
        ),
        "sigma_floor: 0.05",
        "sigma_floor: 0.05%",
    ),
}
