"""Sentences for a plugin's author. English and Korean side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "plugin.raised": ("{source}: {what}{place}", "{source}: {what}{place}"),
    "plugin.twice": (
        "two packages provide a plugin called '{name}': {both}; uninstall one",
        "두 패키지가 플러그인 '{name}'을(를) 제공합니다: {both}. 하나를 제거하세요",
    ),
    "plugin.bad_name": (
        "'{name}' is no plugin name: lower-case letters, digits and _, beginning with a letter",
        "'{name}': 플러그인 이름이 아닙니다. 소문자로 시작하고 소문자, 숫자, _만 씁니다",
    ),
    "plugin.other_karb": (
        "{source} needs karb {need}, this is {have}",
        "{source}: karb {need}이(가) 필요합니다. 지금은 {have}입니다",
    ),
    "plugin.empty": (
        "plugin '{name}' registers no component: is @karb_core.plugin.hookimpl missing?",
        "플러그인 '{name}'이(가) 부품을 등록하지 않았습니다: @karb_core.plugin.hookimpl이 빠졌나요?",
    ),
    "plugin.no_hook": (
        "plugin '{name}': no hook '{hook}'; did you mean '{near}'?",
        "플러그인 '{name}': 훅 '{hook}'은(는) 없습니다. '{near}'인가요?",
    ),
    "plugin.no_such_hook": (
        "plugin '{name}': no hook '{hook}'; the hooks are: {hooks}",
        "플러그인 '{name}': 훅 '{hook}'은(는) 없습니다. 훅: {hooks}",
    ),
    "plugin.wrapper": (
        "plugin '{name}': {hook} cannot be a wrapper: a hook hands over classes, and nothing is wrapped",
        "플러그인 '{name}': {hook}은(는) 래퍼가 될 수 없습니다. 훅은 클래스를 건네기만 합니다",
    ),
    "plugin.misfit": (
        "{source}: the hook does not take these arguments: {detail}",
        "{source}: 훅이 받지 않는 인자입니다: {detail}",
    ),
    "plugin.not_classes": (
        "{hook} must return a list of component classes, got {got}",
        "{hook}은(는) 부품 클래스의 목록을 돌려줘야 합니다. 받은 값: {got}",
    ),
    "plugin.component_name": (
        "{cls}.name must be a short lower-case name, got {got}",
        "{cls}.name은 소문자 이름이어야 합니다. 받은 값: {got}",
    ),
    "plugin.component_params": (
        "{cls}.Params must be a class derived from karb_core.rules.params.Params",
        "{cls}.Params는 karb_core.rules.params.Params에서 나온 클래스여야 합니다",
    ),
    "plugin.component_stage": (
        "{cls}.stage must be one of {stages}",
        "{cls}.stage는 다음 중 하나여야 합니다: {stages}",
    ),
    "plugin.component_words": (
        "{cls}.{attribute} must be a set of: {known}; got {got}",
        "{cls}.{attribute}는 다음의 집합이어야 합니다: {known}. 받은 값: {got}",
    ),
    "plugin.component_twice": ("two components are called '{use}'", "'{use}'라는 부품이 둘입니다"),
}
