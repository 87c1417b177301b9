// Lines over time, as SVG: a cross-hair that tells, a stretch that can be dragged out, marks for entries and exits.
"use strict";

const SIDE = 56;
const FOOT = 20;
const HEAD = 8;
const NAMES = "http://www.w3.org/2000/svg";

function element(name, attributes, parent) {
  const made = document.createElementNS(NAMES, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

/**
 * chart: {lines: [{name, color, at, values, fill}], marks, height, told(row, at), axis(value), floor, name()}.
 * Values may be null: a gap. It is drawn anew whenever its width or the page's language changes.
 */
class Chart {
  constructor(host, chart) {
    this.host = host;
    this.chart = chart;
    this.whole = [chart.lines[0].at[0], chart.lines[0].at.at(-1)];
    this.seen = this.whole;
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    new ResizeObserver(() => this.draw()).observe(host);
  }

  draw() {
    const width = Math.max(this.host.clientWidth, 240);
    const { height, name } = this.chart;
    this.box = { left: SIDE, right: width - 6, top: HEAD, bottom: height - FOOT };
    this.svg = element("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": name() });
    this.scale();
    this.axes();
    for (const line of this.chart.lines) this.line(line);
    for (const mark of this.chart.marks ?? []) this.mark(mark);
    this.cross = element("line", { class: "zero", y1: this.box.top, y2: this.box.bottom, visibility: "hidden" }, this.svg);
    this.listen();
    this.host.replaceChildren(this.svg, this.tip);
  }

  scale() {
    let [low, high] = [Infinity, -Infinity];
    for (const { at, values } of this.chart.lines) {
      at.forEach((when, row) => {
        if (values[row] === null || when < this.seen[0] || when > this.seen[1]) return;
        low = Math.min(low, values[row]);
        high = Math.max(high, values[row]);
      });
    }
    if (low > high) [low, high] = [0, 0];
    if (this.chart.floor !== undefined) high = Math.max(high, this.chart.floor);
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    this.low = low - room;
    this.high = high + (this.chart.floor === undefined ? room : 0);
  }

  x(at) {
    const { left, right } = this.box;
    return left + ((at - this.seen[0]) / (this.seen[1] - this.seen[0] || 1)) * (right - left);
  }

  y(value) {
    const { top, bottom } = this.box;
    return bottom - ((value - this.low) / (this.high - this.low)) * (bottom - top);
  }

  axes() {
    const { left, right, top, bottom } = this.box;
    for (const value of ticks(this.low, this.high, (bottom - top) / 40)) {
      const y = this.y(value);
      element("line", { class: value === 0 ? "zero" : "axis", x1: left, x2: right, y1: y, y2: y }, this.svg);
      element("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, this.svg).textContent = this.chart.axis(value);
    }
    for (const at of dayTicks(this.seen[0], this.seen[1], (right - left) / 90)) {
      const x = this.x(at);
      if (x < left + 28 || x > right - 28) continue;
      element("line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 }, this.svg);
      element("text", { x, y: bottom + 16, "text-anchor": "middle" }, this.svg).textContent = korean(at);
    }
  }

  line({ at, values, color, fill }) {
    const inside = (row) => at[row] >= this.seen[0] && at[row] <= this.seen[1];
    let path = "";
    let pen = false;
    for (let row = 0; row < at.length; row += 1) {
      if (values[row] === null || !inside(row)) {
        pen = false;
        continue;
      }
      path += `${pen ? "L" : "M"}${this.x(at[row]).toFixed(1)} ${this.y(values[row]).toFixed(1)}`;
      pen = true;
    }
    if (fill && path) {
      const rows = [...at.keys()].filter(inside);
      const zero = this.y(0).toFixed(1);
      const area = `${path}L${this.x(at[rows.at(-1)]).toFixed(1)} ${zero}L${this.x(at[rows[0]]).toFixed(1)} ${zero}Z`;
      element("path", { d: area, fill: color, "fill-opacity": 0.18 }, this.svg);
    }
    element("path", { d: path, fill: "none", stroke: color, "stroke-width": 1.4, "stroke-linejoin": "round" }, this.svg);
  }

  /** An entry is a triangle that shows which way it went, an exit a ring; a dotted line joins the two. */
  mark({ into, out, from, to, side, good }) {
    if (into > this.seen[1] || (out ?? into) < this.seen[0]) return;
    const color = good === null ? "var(--dim)" : good ? "var(--good)" : "var(--bad)";
    const clamp = (at) => Math.min(Math.max(this.x(at), this.box.left), this.box.right);
    const [x, y] = [clamp(into), this.y(from)];
    const tall = side === "long" ? -6 : 6;
    if (out !== null) {
      const attributes = { x1: x, y1: y, x2: clamp(out), y2: this.y(to), stroke: color, "stroke-dasharray": "2 3" };
      element("line", attributes, this.svg);
      element("circle", { cx: clamp(out), cy: this.y(to), r: 3.2, fill: "var(--paper)", stroke: color }, this.svg);
    }
    element("path", { d: `M${x - 5} ${y - tall}h10l-5 ${tall * 1.6}z`, fill: color }, this.svg);
  }

  listen() {
    let began = null;
    const rubber = element("rect", { y: this.box.top, height: this.box.bottom - this.box.top, width: 0, fill: "var(--one)", "fill-opacity": 0.15 }, this.svg);
    const at = (event) => {
      const x = event.clientX - this.svg.getBoundingClientRect().left;
      const inside = Math.min(Math.max(x, this.box.left), this.box.right);
      return this.seen[0] + ((inside - this.box.left) / (this.box.right - this.box.left)) * (this.seen[1] - this.seen[0]);
    };
    this.svg.onpointerdown = (event) => {
      if (event.pointerType === "mouse") began = at(event);
    };
    this.svg.onpointermove = (event) => {
      this.point(at(event));
      if (began === null) return;
      const [first, last] = [began, at(event)].sort((a, b) => a - b);
      rubber.setAttribute("x", this.x(first));
      rubber.setAttribute("width", this.x(last) - this.x(first));
    };
    this.svg.onpointerup = (event) => {
      const [first, last] = began === null ? [0, 0] : [began, at(event)].sort((a, b) => a - b);
      began = null;
      rubber.setAttribute("width", 0);
      if (this.x(last) - this.x(first) < 8) return;
      this.seen = [first, last];
      this.draw();
    };
    this.svg.onpointerleave = () => {
      this.tip.hidden = true;
      this.cross.setAttribute("visibility", "hidden");
    };
    this.svg.ondblclick = () => {
      this.seen = this.whole;
      this.draw();
    };
  }

  point(when) {
    const { at } = this.chart.lines[0];
    const row = nearest(at, when);
    const x = this.x(at[row]);
    this.tip.textContent = this.chart.told(row, at[row]);
    this.tip.hidden = false;
    const right = x > (this.box.left + this.box.right) / 2;
    this.tip.style.left = right ? "auto" : `${x + 8}px`;
    this.tip.style.right = right ? `${this.host.clientWidth - x + 8}px` : "auto";
    for (const end of ["x1", "x2"]) this.cross.setAttribute(end, x);
    this.cross.setAttribute("visibility", "visible");
  }
}
