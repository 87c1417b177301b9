// Draws the page's charts from the figures in it, and changes its language.
"use strict";

const report = JSON.parse(document.getElementById("figures").textContent);
const lang = () => document.documentElement.lang;
const said = (words) => words[lang()];

/** Times are stored as minutes since the first. */
const times = ({ first, minutes }) => minutes.map((n) => first + n * 60000);

function equityChart() {
  const at = times(report.days);
  const equity = { name: "equity", color: "var(--one)", at, values: report.days.equity };
  const told = (row, when) =>
    `${korean(when - 1)}\n${said(report.words.equity)} ${money(report.days.equity[row])} ${report.asset}`;
  return { lines: [equity], height: 240, axis: short, told, name: () => said(report.words.equity) };
}

function drawdownChart() {
  const at = times(report.days);
  const fell = { name: "drawdown", color: "var(--bad)", at, values: report.days.fell, fill: true };
  const told = (row, when) => `${korean(when - 1)}\n${said(report.words.drawdown)} ${percent(report.days.fell[row])}`;
  return { lines: [fell], height: 150, axis: percent, told, floor: 0, name: () => said(report.words.drawdown) };
}

function premiumChart(pair) {
  const at = times(pair);
  const lines = [{ name: "judged", color: "var(--one)", at, values: pair.judged }];
  if (pair.booked) lines.push({ name: "booked", color: "var(--two)", at, values: pair.booked });
  const near = (when) => {
    const close = (pair.marks ?? []).filter((m) => m.into <= when && (m.out ?? Infinity) >= when);
    return close.slice(0, 4).map((m) => `${m.side} ${m.tier ?? ""} ${m.net === null ? said(report.words.open) : `${money(m.net)} ${report.asset}`}`);
  };
  const told = (row, when) => {
    const basis = lines.map(({ name, values }) => `${said(report.words[name])} ${values[row] === null ? "·" : percent(values[row])}`);
    return [korean(when, true), ...basis, ...near(when)].join("\n");
  };
  return { lines, marks: pair.marks, height: 220, axis: percent, told, name: () => `${pair.pair} ${said(report.words.premium)}` };
}

const charts = [];
function place(id, chart) {
  const host = document.getElementById(id);
  if (host && chart.lines[0].at.length > 1) charts.push(new Chart(host, chart));
}

function speak(language) {
  document.documentElement.lang = language;
  document.getElementById("switch").textContent = language === "ko" ? "English" : "한국어";
  for (const chart of charts) chart.draw();
}

place("equity", equityChart());
place("drawdown", drawdownChart());
report.premiums.forEach((pair, n) => place(`premium-${n}`, premiumChart(pair)));
speak(lang());
document.getElementById("switch").onclick = () => speak(lang() === "ko" ? "en" : "ko");
document.getElementById("print").onclick = () => window.print();
document.documentElement.dataset.drawn = String(charts.length);
