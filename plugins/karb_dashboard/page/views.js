// What is seen of the house, each part by itself: told what is known, it makes elements.
import { premiumChart, zScale } from "./chart.js";
import { drawn, exact, made, pairs, put, rows } from "./made.js";
import { clock, lasted, milliseconds, money, percent, plain, price } from "./shown.js";
import { say } from "./words.js";
const MOST = 12;

export function showPairs(house) {
  put("pairs", ...house.markets.map((market) => pairCard(house, market)));
}
function pairCard(house, market) {
  const bounds = (market.judged?.bounds ?? []).filter((b) => b.of === "|z|" && b.relation === ">=");
  const z = market.judged?.seen?.z ?? null, met = bounds.filter((b) => b.met).length, light = market.light ?? { is: "red", why: [] };
  const name = (b) => (b.about || b.rule.split("/").at(-2) || "");
  const scale = bounds.map((b) => [bounds.length > 1 ? name(b) : "", Number(b.needed)]).sort((a, b) => a[1] - b[1]);
  const id = `${market.strategy}.${market.pair}`;
  const near = (market.judged?.bounds ?? []).filter((b) => !b.met && b.short !== null && !isLot(b));
  return made("article", { class: "card", "data-pair": market.pair, "data-strategy": market.strategy },
    made("div", { class: "pair-head" }, made("span", { class: "light", "data-is": light.is, role: "img", "aria-label": say(`light.${light.is}`) }), made("strong", {}, market.pair), made("span", { class: "faint" }, market.strategy), made("span", { class: "gap" }), made("span", { class: "faint why-light" }, lightSays(light))),
    made("p", { class: `big tier-${Math.min(met, 3)}` }, exact(percent(market.premium.premium), market.premium.premium, `${id}.premium`)),
    made("p", { class: "faint" }, made("span", { class: "dot-one" }), `${say("at.premium")}  `, made("span", { class: "dot-two" }), `${say("at.money")} `, exact(percent(market.premium.money), market.premium.money, `${id}.money`)),
    premiumChart(house.history.get(id) ?? [], `${market.pair}: ${say("premium")}`),
    made("p", {}, `${say("z")}: `, exact(plain(z), z, `${id}.z`, `tier-${Math.min(met, 3)}`)),
    scale.length ? zScale(z === null ? null : Number(z), scale, `|z| ${plain(z)}`) : null,
    pairs([
      ...market.legs.map((leg) => [leg.instrument, leg.top ? made("span", {}, exact(price(leg.top.bid), leg.top.bid), " / ", exact(price(leg.top.ask), leg.top.ask), made("span", { class: "faint" }, ` ${milliseconds(leg.top.age_ms)}`)) : say("why.no_price")]),
      ...Object.entries(market.rates).map(([seat, rate]) => [`${rate.base}/${rate.quote} (${seat})`, made("span", {}, exact(price(rate.rate), rate.rate), made("span", { class: "faint" }, ` ${milliseconds(rate.age_ms)}`))]),
      ...near.slice(0, 4).map((b) => [`${b.rule.replace("/signal/with/", "")}${b.line ? ` :${b.line}` : ""}`, made("span", {}, `${say("short")} `, exact(plain(b.short, 4), b.short))]),
    ]));
}
const isLot = (bound) => bound.about !== "" && !bound.rule.split("/").includes(bound.about);
function lightSays(light) {
  if (!light.why.length) return say(`light.${light.is}`);
  return light.why.map((each) => { const [kind, ...rest] = each.split(": "); return [say(`why.${kind}`) === `why.${kind}` ? kind : say(`why.${kind}`), ...rest].join(": "); }).join(", ");
}

export function showPositions(house) {
  const cards = [...house.lots.values()].map((lot) => lotCard(house, lot));
  put("positions", ...(cards.length ? cards : [made("p", { class: "faint" }, say("none.positions"))]));
}
function lotCard(house, lot) {
  const market = house.markets.find((m) => m.pair === lot.pair && m.account === lot.account);
  const goal = (market?.judged?.bounds ?? []).find((b) => b.about === lot.lot && /take_profit|target/.test(b.rule));
  const ages = (market?.legs ?? []).map((leg) => leg.top?.age_ms ?? null).filter((age) => age !== null);
  const held = (Date.parse(house.now ?? new Date().toISOString()) - Date.parse(lot.entered_at)) / 1000;
  return made("article", { class: "card", "data-lot": lot.lot },
    made("div", { class: "pair-head" }, made("strong", {}, `${lot.pair} ${lot.tier ?? ""}`), made("span", {}, say(lot.side)), made("span", { class: "gap" }), made("span", { class: "faint" }, lot.lot)),
    lot.uneven.length ? made("p", { class: "bad" }, `${say("uneven")}: ${lot.uneven.map(money).join(", ")}`) : null,
    pairs([
      ...lot.open.map((leg) => [leg.instrument, made("span", {}, exact(money(leg.open), leg.open, `${lot.lot}.${leg.instrument}`), made("span", { class: "faint" }, ` @ ${price(leg.entry_price)}`))]),
      [say("entry_premium"), exact(percent(lot.entry_premium), lot.entry_premium, `${lot.lot}.entry_premium`)],
      [say("now_at"), exact(percent(market?.premium.premium), market?.premium.premium)],
      [say("target"), exact(percent(lot.target), lot.target, `${lot.lot}.target`)],
      [say("to_target"), goal ? (goal.met ? say("met") : exact(percent(goal.short), goal.short, `${lot.lot}.to_target`)) : "–"],
      [say("held"), lasted(held)],
      [say("inputs"), ages.length ? milliseconds(Math.max(...ages)) : "–"],
      [say("fees"), made("span", {}, ...lot.fees.map((fee) => exact(`${money(fee)} `, fee, `${lot.lot}.fee.${fee.split(" ")[1]}`)))],
      [say("funding"), lot.funding.length ? lot.funding.map(money).join(", ") : "–"],
    ]));
}

export function showMoney(house) {
  const out = [];
  for (const account of house.stats) {
    for (const [book, sum] of Object.entries(account.booked)) {
      out.push(pairs([[account.account, ""], [say("net"), exact(money(sum.net), sum.net, `${account.account}.net`, Number(sum.net.split(" ")[0]) < 0 ? "bad" : "good")], [say("drawdown"), exact(money(sum.drawdown), sum.drawdown, `${account.account}.drawdown`)], [say("lots"), exact(`${sum.lots} (${say("won")} ${sum.won})`, String(sum.lots), `${account.account}.lots`)]]), course(sum.course, book));
    }
    const days = account.closed.day;
    if (days.length) out.push(made("div", { class: "wide" }, rows([[say("day")], [say("lots"), 1], [say("from_premium"), 1], [say("from_rate"), 1], [say("fees"), 1], [say("funding"), 1], [say("net"), 1]], days.slice(-MOST).reverse().map((d) => [d.group, String(d.lots), money(d.premium), money(d.rate), money(d.fees), money(d.funding), exact(money(d.net), d.net)]), account.account)));
  }
  put("money", ...(out.length ? out : [made("p", { class: "faint" }, say("none.rows"))]));
}
function course(points, book) {
  if (points.length < 2) return null;
  const nets = [0, ...points.map((p) => Number(p.net.split(" ")[0]))], low = Math.min(...nets), high = Math.max(...nets, low + 1);
  const d = nets.map((v, i) => `${i ? "L" : "M"}${((i / (nets.length - 1)) * 356 + 2).toFixed(1)} ${(66 - ((v - low) / (high - low)) * 62).toFixed(1)}`).join("");
  return drawn("svg", { viewBox: "0 0 360 70", role: "img", "aria-label": `${say("net")} ${book}` }, drawn("path", { d, class: "one" }));
}

export function showRows(house) {
  table("orders", [[say("at")], [say("instrument")], [say("side")], [say("amount"), 1], [say("filled"), 1], [say("answer")]], house.orders.slice(0, MOST).map((o) => [clock(o.at), o.instrument, say(o.side), exact(money(o.amount), o.amount), exact(money(o.filled), o.filled, `${o.order}.filled`), made("span", { class: o.answer === "done" ? "good" : o.answer === "open" ? "" : "bad", title: o.why }, o.answer)]));
  table("trades", [[say("at")], [say("pair")], [say("side")], [say("entry_premium"), 1], [say("now_at"), 1], [say("net"), 1]], house.trades.slice(0, MOST).map((t) => [clock(t.exited_at), `${t.pair} ${t.tier ?? ""}`, say(t.side), percent(t.entry_premium), percent(t.exit_premium), exact(money(t.net), t.net, `${t.lot}.net`, Number(t.net.split(" ")[0]) < 0 ? "bad" : "good")]));
  table("refusals", [[say("gate")], [say("times"), 1]], house.stats.flatMap((a) => Object.entries(a.refused_by).map(([rule, times]) => [rule, exact(String(times), String(times), `refused.${rule}`)])));
  table("decisions", [[say("at")], [say("kind")], [say("pair")], [say("side")], [say("tier")], [say("why")]], house.decisions.slice(0, MOST).map((d) => [clock(d.last_at), d.kind, d.pair, say(d.side ?? ""), d.tier ?? "–", (d.denied.length ? d.denied.map((x) => `${x.rule} ${x.observed} / ${x.limit}`) : d.cited.map((c) => `${c.rule} ${c.written}`)).slice(0, 3).join("; ")]));
}
function table(id, heads, lines) { put(id, lines.length ? rows(heads, lines) : made("p", { class: "faint" }, say("none.rows"))); }

export function showSystem(house) {
  const list = house.status.flatMap((a) => [[say("account"), a.account], [say("desk"), a.desk ? made("span", { class: a.desk.state === "running" ? "good" : "bad" }, `${say(a.desk.state)} (${a.desk.host}:${a.desk.pid})`) : "–"], [say("since"), clock(a.desk?.since)], [say("beat"), clock(a.desk?.last_beat)]]);
  put("system", pairs([...list, ...house.markets.map((m) => [`${m.pair} ${say("warm")}`, `${m.bars.known} / ${m.bars.wanted}`]), [say("dropped"), String(house.dropped)]]));
  put("rules", ...house.strategies.map((s) => made("div", {}, made("p", {}, `${s.strategy}: ${s.about}`), made("p", {}, `${say("lock")}: `, made("strong", {}, s.lock)), rows([[say("line"), 1], [say("rule")], [say("written")]], s.lines.filter((l) => l.line).map((l) => [String(l.line), made("span", { title: l.description }, l.pointer), made("span", { "data-rule": l.pointer }, l.written)])))));
  put("log", rows([[say("at")], [say("why")]], house.log.slice(0, 60).map((l) => [clock(l.at), l.said ?? `${l.kind} ${l.pair} ${l.facts.reason ?? l.facts.side ?? ""}`])));
}

export function showHalts(house) {
  const halted = house.halts.flatMap((one) => one.halted.map((h) => [one.strategy, h]));
  const told = house.halts.flatMap((one) => one.told.map((c) => [one.strategy, c]));
  const place = document.getElementById("halted");
  place.hidden = !halted.length && !told.length;
  put("halted", halted.length ? made("h2", {}, say("halted")) : null, ...halted.map(([strategy, h]) => made("p", { "data-strength": h.strength }, `${strategy}: ${h.strength}: ${h.reason} (${h.author}, ${clock(h.at)})`)), ...told.map(([strategy, c]) => made("p", {}, `${strategy}: ${say("told")}: ${c.verb} ${c.strength ?? ""} ${c.reason}`)));
  document.getElementById("resume").hidden = !halted.length;
  const unread = document.getElementById("unread");
  unread.hidden = house.unread === null;
  unread.textContent = house.unread === null ? "" : `${say("unread")}: ${house.unread}`;
}
