// Numbers as people read them. What comes is exact text; it is rounded here and nowhere else, and stays beside it whole.
const STEPS = { KRW: 0, USDT: 2, USD: 2 };
export function percent(ratio, places = 2) { return ratio === null || ratio === undefined ? "–" : `${signed(Number(ratio) * 100, places)} %`; }
export function signed(number, places) { const text = Math.abs(number).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places }); return Number(number.toFixed(places)) === 0 ? text : (number < 0 ? "−" : "+") + text; }
export function money(amount) { // "7948.45 KRW"
  if (!amount) return "–";
  const [value, asset] = amount.split(" ");
  const places = STEPS[asset] ?? 8, minimum = STEPS[asset] ?? 0, number = Number(value);
  return `${number < 0 ? "−" : ""}${Math.abs(number).toLocaleString("en-US", { minimumFractionDigits: minimum, maximumFractionDigits: places })} ${asset}`;
}
export function price(text) { return text === null ? "–" : Number(text).toLocaleString("en-US", { maximumFractionDigits: 8 }); }
export function plain(text, places = 2) { return text === null || text === undefined ? "–" : Number(text).toFixed(places); }
export function lasted(seconds) {
  const s = Math.max(0, Math.floor(seconds)), d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
  return d ? `${d}d ${h}h` : h ? `${h}h ${m}m` : m ? `${m}m ${s % 60}s` : `${s}s`;
}
export function clock(at) { return at ? new Date(at).toLocaleString("sv-SE", { timeZone: "Asia/Seoul" }).slice(5) : "–"; }
export function milliseconds(ms) { return ms < 1000 ? `${Math.max(0, ms)} ms` : lasted(ms / 1000); }
