"""What is said of secrets and of the keystore; none of it ever has a part of a secret."""

TEXTS: dict[str, tuple[str, str]] = {
    "about.keys": ("secrets by name, kept encrypted", "비밀값을 이름으로, 암호화해 보관"),
    "secret.twice": (
        "{secret} has two values that differ: in the keystore and in {variable}",
        "{secret}의 값이 둘이고 서로 다릅니다: 키 저장소와 {variable}",
    ),
    "secret.twice.help": (
        "keep one of them: unset {variable}, or `karb keys remove {name}`",
        "하나만 남기세요: {variable}을(를) 지우거나 `karb keys remove {name}`",
    ),
    "keys.open": (
        "{path} can be read by others (mode {mode}): it is not used",
        "{path}을(를) 다른 사용자가 읽을 수 있어(모드 {mode}) 쓰지 않습니다",
    ),
    "keys.open.help": (
        "chmod 600 {path}, and make new keys at the venues if others use this machine",
        "chmod 600 {path}. 이 컴퓨터를 다른 사람도 쓴다면 거래소에서 키를 새로 만드세요",
    ),
    "keys.broken": ("{path} is no keystore of karb's", "{path}은(는) karb의 키 저장소가 아닙니다"),
    "keys.unwritten": ("{path} cannot be written: {why}", "{path}에 쓸 수 없습니다: {why}"),
    "keys.other_master": (
        "the secret `{name}` cannot be opened: it was kept under another master key, or was changed",
        "비밀값 `{name}`을(를) 열 수 없습니다: 다른 마스터 키로 저장되었거나 바뀌었습니다",
    ),
    "keys.other_master.help": (
        "bring the master key back that it was kept under, or `karb keys add` it again",
        "저장할 때의 마스터 키를 되돌리거나 `karb keys add`로 다시 넣으세요",
    ),
    "keys.no_master": (
        "the keystore {path} is there, and no master key",
        "키 저장소 {path}은(는) 있지만 마스터 키가 없습니다",
    ),
    "keys.no_master.help": (
        "bring `master.key` back into KARB_HOME, or set KARB_MASTER_KEY",
        "KARB_HOME에 `master.key`를 되돌리거나 KARB_MASTER_KEY를 설정하세요",
    ),
    "keys.bad_master": ("the master key ({place}) is none of karb's", "마스터 키({place})가 karb의 것이 아닙니다"),
    "keys.master_is_yours": (
        "the master key is in {variable}: put a new one in front, with a comma, and rotate again",
        "마스터 키가 {variable}에 있습니다. 새 키를 앞에 쉼표로 붙이고 다시 하세요",
    ),
    "keys.no_keyring": ("this machine has no keyring that karb can write to", "이 컴퓨터에 karb가 쓸 수 있는 키링이 없습니다"),
    "keys.no_keyring.help": ("use --master file", "--master file을 쓰세요"),
    "keys.no_library": ("the keystore needs the package cryptography", "키 저장소에는 cryptography 패키지가 필요합니다"),
    "keys.no_library.help": ("pip install 'karb[keys]'", "설치하세요: pip install 'karb[keys]'"),
    "keys.ask": ("value of {name} (not shown)", "{name}의 값 (보이지 않음)"),
    "keys.empty": ("nothing was given: {name} is as it was", "아무것도 입력하지 않았습니다: {name}은(는) 그대로입니다"),
    "keys.name": ("`{name}` is no name of a secret: letters, digits, `_`, `.`, `-`", "`{name}`은(는) 비밀값 이름이 아닙니다: 글자, 숫자, `_`, `.`, `-`"),
    "keys.there": ("there is a secret `{name}` already", "비밀값 `{name}`이(가) 이미 있습니다"),
    "keys.there.help": ("add --replace to put another in its place", "바꾸려면 --replace를 붙이세요"),
    "keys.added": ("kept: {name}; write secret:{name} in a file", "저장함: {name}. 파일에는 secret:{name}으로 쓰세요"),
    "keys.made": (
        "made a master key ({place}): without it nobody opens the keystore, you neither. Keep a copy of it elsewhere.",
        "마스터 키를 만들었습니다({place}). 이것이 없으면 아무도, 본인도 열 수 없습니다. 다른 곳에 복사해 두세요.",
    ),
    "keys.none": ("no secret is kept; `karb keys add NAME`", "저장된 비밀값이 없습니다. `karb keys add 이름`"),
    "keys.unknown": ("there is no secret `{name}`", "비밀값 `{name}`이(가) 없습니다"),
    "keys.removed": ("removed: {name}", "지움: {name}"),
    "keys.rotated": ("{count} secrets are kept under a new master key", "비밀값 {count}개를 새 마스터 키로 다시 저장했습니다"),
    "keys.good": ("opens", "열림"),
    "keys.bad": ("cannot be opened", "열 수 없음"),
    "keys.lacking": ("{path} names secret:{name}, which has no value here", "{path}이(가) 쓰는 secret:{name}의 값이 없습니다"),
    "keys.unusable": ("{count} secrets cannot be used", "비밀값 {count}개를 쓸 수 없습니다"),
    "keys.nothing": ("{path} has no name that karb knows", "{path}에 karb가 아는 이름이 없습니다"),
    "keys.nothing.help": (
        "known are UPBIT_ACCESS_KEY with UPBIT_SECRET_KEY and the like, and KARB_SECRET_NAME",
        "아는 이름: UPBIT_ACCESS_KEY와 UPBIT_SECRET_KEY 등, KARB_SECRET_이름",
    ),
    "keys.half": ("{first} is there and {second} is not: left out", "{first}은(는) 있지만 {second}이(가) 없어 뺐습니다"),
    "keys.no_file": ("{path} cannot be read: {why}", "{path}을(를) 읽을 수 없습니다: {why}"),
    "keys.seen": (
        "{path} could be read by others (mode {mode}): make new keys at the venues if others use this machine",
        "{path}은(는) 다른 사용자가 읽을 수 있었습니다(모드 {mode}). 다른 사람도 쓰는 컴퓨터라면 키를 새로 만드세요",
    ),
    "keys.shred_ask": ("overwrite and delete {path}", "{path}을(를) 덮어쓰고 지울까요"),
    "keys.shredded": (
        "overwritten and deleted: {path}. Copies of it (a backup, an SSD's spare blocks, a git history) are not reached.",
        "덮어쓰고 지움: {path}. 복사본(백업, SSD 여유 블록, git 기록)까지는 지우지 못합니다.",
    ),
    "keys.left": ("{path} is still there, with the keys in it", "{path}은(는) 키가 담긴 채 그대로 있습니다"),
}  # fmt: skip
