// The page: what it knows of the house, who is signed in, its language and its light.
import { asked, Line } from "./line.js";
import { stops } from "./stop.js";
import { showHalts, showMoney, showPairs, showPositions, showRows, showSystem } from "./views.js";
import { LANGUAGES, say, speak, spoken } from "./words.js";
const by = (id) => document.getElementById(id), THEMES = ["auto", "dark", "light"], LONG_MS = 3600000, MOST = 200, REST_MS = 1500;
const house = { markets: [], lots: new Map(), orders: [], trades: [], decisions: [], stats: [], status: [], strategies: [], log: [], halts: [], history: new Map(), unread: null, dropped: 0, now: null };
let settings = { name: "karb", second: "word" }, state = "lost", line = null, waiting = null;

function kept(name, value) { try { if (value !== undefined) localStorage.setItem(name, value); return localStorage.getItem(name); } catch { return null; } }
function show() {
  by("name").textContent = document.title = settings.name;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  by("line").textContent = say(`line.${state}`);
  by("line").dataset.line = state;
  by("lang").textContent = say("lang");
  by("theme").textContent = say(`theme.${kept("theme") ?? "auto"}`);
  by("leave").textContent = say("leave");
  const modes = [...new Set(house.markets.map((m) => m.mode))];
  by("mode").hidden = !modes.length;
  by("mode").textContent = modes.join(" ");
  document.documentElement.dataset.theme = kept("theme") ?? "auto";
  showHalts(house); showPairs(house); showPositions(house); showMoney(house); showRows(house); showSystem(house);
}
function soon() { // many messages, one drawing
  waiting ??= requestAnimationFrame(() => { waiting = null; show(); });
}
function remembered(market) {
  const id = `${market.strategy}.${market.pair}`, points = house.history.get(id) ?? [], at = Date.parse(market.as_of);
  const value = (text) => (text === null || text === undefined ? null : Number(text));
  if (points.length && at - points.at(-1)[0] < 900) return;
  points.push([at, value(market.premium.premium), value(market.premium.money)]);
  while (points.length && at - points[0][0] > LONG_MS) points.shift();
  house.history.set(id, points);
}
function merged(known, rows, name) {
  const all = new Map(known.map((row) => [row[name], row]));
  for (const row of rows) all.set(row[name], row);
  return [...all.values()].sort((a, b) => String(b.exited_at ?? b.at).localeCompare(String(a.exited_at ?? a.at))).slice(0, MOST);
}
const HEARD = {
  market({ data, gone, snapshot }) {
    const all = new Map((snapshot ? [] : house.markets).map((m) => [`${m.strategy} ${m.pair}`, m]));
    for (const name of gone) all.delete(name);
    for (const market of data) { all.set(`${market.strategy} ${market.pair}`, market); remembered(market); house.now = market.as_of; }
    house.markets = [...all.values()];
  },
  position({ data, gone, snapshot }) {
    if (snapshot) house.lots.clear();
    for (const name of gone) house.lots.delete(name);
    for (const lot of data) house.lots.set(lot.lot, lot);
    rest();
  },
  order({ data, snapshot }) { house.orders = merged(snapshot ? [] : house.orders, data, "order"); rest(); },
  trade({ data, snapshot }) { house.trades = merged(snapshot ? [] : house.trades, data, "lot"); rest(); },
  halt({ data, snapshot }) {
    const all = new Map((snapshot ? [] : house.halts).map((h) => [`${h.account} ${h.strategy}`, h]));
    for (const one of data) all.set(`${one.account} ${one.strategy}`, one);
    house.halts = [...all.values()];
    rest();
  },
  heartbeat({ data }) { house.unread = data[0].unread; if (data[0].now) rest(); },
};
let resting = null;
function rest() { resting ??= setTimeout(() => { resting = null; looked().catch(() => {}); }, REST_MS); } // what no message tells: sums, decisions, rules, the log
async function looked() {
  const [stats, decisions, status, strategies, log] = await Promise.all(["/api/stats", "/api/decisions?limit=50", "/api/system-status", "/api/strategy-info", "/api/log?limit=60"].map((path) => asked("GET", path)));
  Object.assign(house, { stats: stats.accounts, decisions: decisions.decisions, status: status.accounts, unread: status.unread, dropped: status.dropped, strategies: strategies.strategies, log: log.log });
  soon();
}
async function polled() {
  const [markets, positions, orders, trades] = await Promise.all(["/api/market-data", "/api/positions", "/api/orders", "/api/trade-history"].map((path) => asked("GET", path)));
  HEARD.market({ data: markets.markets, gone: [], snapshot: true });
  house.lots = new Map(positions.accounts.flatMap((a) => a.lots.map((lot) => [lot.lot, { account: a.account, ...lot }])));
  Object.assign(house, { orders: orders.orders, trades: trades.trades });
  await looked();
  house.halts = house.status.flatMap((a) => a.strategies.map((s) => ({ account: a.account, ...s })));
}
function signedIn(yes) {
  by("sign-in").hidden = yes;
  for (const id of ["board", "stops", "leave"]) by(id).hidden = !yes;
  if (!yes) by("token").focus();
}
async function entered() {
  signedIn(true);
  for (const points of (await asked("GET", "/api/premium-history")).pairs) house.history.set(`${points.strategy}.${points.pair}`, points.points.map(([at, one, two]) => [Date.parse(at), one === null ? null : Number(one), two === null ? null : Number(two)]));
  await looked();
  line = new Line({
    heard(message) { HEARD[message.type]?.(message); soon(); },
    poll: polled,
    changed(now) { if (state !== now) { state = now; soon(); } },
    out() { signedIn(false); },
  });
  line.begin();
}
by("lang").onclick = () => { speak(LANGUAGES[1 - LANGUAGES.indexOf(spoken())]); kept("lang", spoken()); show(); };
by("theme").onclick = () => { kept("theme", THEMES[(THEMES.indexOf(kept("theme") ?? "auto") + 1) % THEMES.length]); show(); };
by("leave").onclick = async () => { line?.end(); await asked("DELETE", "/api/session"); location.reload(); };
by("sign-in").onsubmit = async (event) => {
  event.preventDefault();
  try { await asked("POST", "/api/session", { token: by("token").value }); by("token").value = ""; by("sign-in").querySelector(".said").textContent = ""; await entered(); }
  catch (error) { by("sign-in").querySelector(".said").textContent = error.status ? error.message : say("no_answer"); }
};
stops(() => settings.second, rest);
settings = await (await fetch("/dashboard/settings.json")).json();
if (/^#[0-9a-f]{3,8}$/i.test(settings.colour)) document.documentElement.style.setProperty("--main", settings.colour);
speak(kept("lang") ?? settings.lang);
show();
try { await entered(); } catch (error) { if (error.status === 401) signedIn(false); else { signedIn(true); line?.end(); setTimeout(() => location.reload(), 3000); } }
