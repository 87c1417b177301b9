// The premium at both rates over the last hour, and where |z| stands between the owner's own bounds.
import { drawn } from "./made.js";
import { percent, plain } from "./shown.js";
const W = 360, H = 120, LEFT = 46, BOTTOM = 16;
export function premiumChart(points, label) {
  const values = points.flatMap(([, one, two]) => [one, two]).filter((v) => v !== null);
  const chart = drawn("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label, class: "chart" });
  if (values.length < 2) return chart;
  let low = Math.min(...values), high = Math.max(...values);
  const room = Math.max((high - low) * 0.1, 0.0002);
  low -= room; high += room;
  const first = points[0][0], span = Math.max(points.at(-1)[0] - first, 1);
  const x = (at) => LEFT + ((at - first) / span) * (W - LEFT - 4), y = (v) => 4 + (1 - (v - low) / (high - low)) * (H - BOTTOM - 8);
  for (const part of [0.1, 0.5, 0.9]) {
    const v = low + (high - low) * part;
    chart.append(drawn("line", { x1: LEFT, x2: W, y1: y(v), y2: y(v), class: "axis" }), drawn("text", { x: 0, y: y(v) + 4 }, percent(v)));
  }
  for (const [at, kind] of [[1, "one"], [2, "two"]]) {
    const path = points.filter((p) => p[at] !== null).map((p, i) => `${i ? "L" : "M"}${x(p[0]).toFixed(1)} ${y(p[at]).toFixed(1)}`).join("");
    chart.append(drawn("path", { d: path, class: kind }));
  }
  chart.append(drawn("text", { x: LEFT, y: H - 2 }, `−${Math.round(span / 60000)} min`));
  return chart;
}
export function zScale(z, bounds, label) { // bounds: [name, number], ascending
  const most = Math.max(...bounds.map(([, at]) => at), Math.abs(z ?? 0), 1) * 1.15;
  const x = (v) => 4 + (v / most) * (W - 8), scale = drawn("svg", { viewBox: `0 0 ${W} 40`, role: "img", "aria-label": label, class: "z-scale" });
  scale.append(drawn("line", { x1: 4, x2: W - 4, y1: 20, y2: 20, class: "axis" }));
  for (const [name, at] of bounds) scale.append(drawn("line", { x1: x(at), x2: x(at), y1: 10, y2: 30, class: "tier-mark" }), drawn("text", { x: x(at), y: 39, "text-anchor": "middle" }, `${name} ${plain(String(at), 1)}`.trim()));
  if (z !== null) scale.append(drawn("circle", { cx: x(Math.abs(z)), cy: 20, r: 6, class: "z-now" }));
  return scale;
}
