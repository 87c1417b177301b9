// Every sentence of the page, English and Korean side by side.
const WORDS = {
  "pairs": ["Pairs", "페어"], "positions": ["Open positions", "열린 포지션"], "money": ["Profit and loss", "손익"],
  "orders": ["Orders and legs", "주문과 다리"], "trades": ["Closed", "청산된 거래"], "refusals": ["Refusals by gate", "게이트별 거부"],
  "decisions": ["Decisions", "결정"], "system": ["System", "시스템"], "rules": ["Rules", "규칙"], "log": ["Log", "기록"],
  "line.live": ["live", "실시간"], "line.polling": ["every 30 s", "30초마다"], "line.lost": ["no connection", "연결 끊김"],
  "lang": ["한국어", "English"], "theme.auto": ["Auto", "자동"], "theme.dark": ["Dark", "어둡게"], "theme.light": ["Light", "밝게"],
  "leave": ["Sign out", "로그아웃"], "sign_in.token": ["Token (the file serve/token)", "토큰 (serve/token 파일)"], "sign_in.go": ["Sign in", "로그인"],
  "stop": ["STOP: no entries", "정지: 진입 금지"], "reduce": ["Reduce only", "축소만"], "flatten": ["Flatten", "전량 청산"], "resume": ["Resume", "재개"],
  "does.no-entries": ["Nothing new is entered. What is open stays, and leaves by your rules.", "새로 진입하지 않습니다. 열린 것은 그대로 두고 당신의 규칙으로 나갑니다."],
  "does.reduce-only": ["Nothing new is entered, and an entry that has begun is traded back.", "새로 진입하지 않고, 시작된 진입은 되돌립니다."],
  "does.flatten": ["Everything that karb has open is brought back to nothing at the prices of now. No gate is asked.", "karb가 연 것을 지금 가격에 모두 청산합니다. 게이트를 묻지 않습니다."],
  "does.resume": ["Ends every halt that is no more true. What still is stays, and is named.", "더는 사실이 아닌 정지를 모두 끝냅니다. 남은 것은 이름과 함께 남습니다."],
  "ask.because": ["Why, in your words", "이유"], "ask.word": ["Your stop word", "확인 단어"], "ask.code": ["One-time code", "일회용 코드"],
  "ask.no": ["Back", "뒤로"], "ask.sure.flatten": ["Yes, close everything now", "네, 지금 모두 청산합니다"], "ask.sure.reduce-only": ["Yes, trade back what has begun", "네, 시작된 것을 되돌립니다"],
  "waits": ["written down; no desk has taken it yet", "명령을 기록했습니다. 아직 데스크가 받지 않았습니다"],
  "no_answer": ["no answer: try again", "응답이 없습니다. 다시 시도하세요"],
  "halted": ["HALTED", "정지됨"], "told": ["told, not taken yet", "명령 대기 중"], "unread": ["The ledger cannot be read; what is shown is old", "원장을 읽을 수 없습니다. 이전 내용입니다"],
  "premium": ["premium", "프리미엄"], "at.premium": ["at the rate that judges", "판단 환율 기준"], "at.money": ["at the rate of money", "자금 환율 기준"],
  "light.green": ["may enter", "진입 가능"], "light.yellow": ["a gate holds it back", "게이트가 막음"], "light.red": ["halted or stale", "정지 또는 오래된 데이터"],
  "why.halted": ["halted", "정지됨"], "why.cold": ["not warm yet", "준비 중"], "why.no_price": ["a leg has no price", "호가 없음"], "why.stale": ["old prices", "오래된 호가"], "why.down": ["a venue is down", "거래소 중단"], "why.silent": ["no desk", "데스크 없음"],
  "z": ["z at the last close", "마지막 종가 기준 z"], "age": ["age", "나이"], "bounds": ["how far", "남은 거리"], "met": ["met", "충족"], "short": ["short by", "부족"],
  "none.positions": ["Nothing is open.", "열린 포지션이 없습니다."], "none.rows": ["Nothing yet.", "아직 없습니다."],
  "entry_premium": ["entered at", "진입 프리미엄"], "target": ["target", "목표"], "now_at": ["now", "현재"], "to_target": ["to the target", "목표까지"], "held": ["held", "보유 시간"], "fees": ["fees", "수수료"], "funding": ["funding", "펀딩"], "uneven": ["UNEVEN", "다리 불일치"], "inputs": ["age of prices", "호가 나이"],
  "net": ["net", "순손익"], "drawdown": ["deepest fall", "최대 하락"], "lots": ["lots", "로트"], "won": ["won", "이익"], "day": ["day", "날짜"], "from_premium": ["premium", "프리미엄"], "from_rate": ["rate", "환율"],
  "at": ["at", "시각"], "instrument": ["instrument", "종목"], "side": ["side", "방향"], "amount": ["amount", "수량"], "filled": ["filled", "체결"], "answer": ["answer", "응답"], "pair": ["pair", "페어"], "gate": ["line", "줄"], "times": ["times", "횟수"], "kind": ["kind", "종류"], "why": ["by", "근거"], "tier": ["tier", "단계"],
  "buy": ["buy", "매수"], "sell": ["sell", "매도"], "short_premium": ["short premium", "프리미엄 매도"], "long_premium": ["long premium", "프리미엄 매수"],
  "desk": ["desk", "데스크"], "beat": ["last beat", "마지막 신호"], "since": ["since", "시작"], "account": ["account", "계정"], "lock": ["lock", "잠금"], "line": ["line", "줄"], "rule": ["rule", "규칙"], "written": ["written", "값"], "running": ["running", "실행 중"], "silent": ["silent", "응답 없음"], "given_back": ["ended", "종료됨"], "dropped": ["slow readers dropped", "느린 연결 끊음"], "warm": ["bars", "봉"],
};
let lang = "en";
export const LANGUAGES = ["en", "ko"];
export function speak(language) { lang = LANGUAGES.includes(language) ? language : "en"; document.documentElement.lang = lang; }
export function spoken() { return lang; }
export function say(key) { const both = WORDS[key]; return both ? both[LANGUAGES.indexOf(lang)] : key; }
export const KEYS = Object.keys(WORDS);
