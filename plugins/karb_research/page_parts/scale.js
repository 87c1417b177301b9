// Numbers to places on the page, and to words.
"use strict";

/** Round steps that cover low to high, about `wanted` of them. */
function ticks(low, high, wanted) {
  const rough = (high - low || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const out = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) out.push(n * step);
  return out;
}

/** Days of Korea at which a new day, month or year begins, as few as fit. `at` in ms of UTC. */
function dayTicks(first, last, wanted) {
  const day = 86400000;
  const ahead = 9 * 3600000;
  const every = Math.max(1, Math.ceil((last - first) / day / wanted));
  const out = [];
  if (every < 20) {
    for (let n = Math.ceil((first + ahead) / day); n * day - ahead <= last; n += every) out.push(n * day - ahead);
    return out;
  }
  const months = [1, 2, 3, 4, 6, 12, 24, 60].find((n) => n * 30 >= every) ?? 120;
  const begin = new Date(first + ahead);
  for (let n = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / months) * months; ; n += months) {
    const at = Date.UTC(Math.floor(n / 12), n % 12, 1) - ahead;
    if (at > last) return out;
    if (at >= first) out.push(at);
  }
}

/** Shape: `2025-02-13`, with `12:00` where `time` is asked for: Korea's clock. */
function korean(at, time) {
  const told = new Date(at + 9 * 3600000).toISOString();
  return time ? `${told.slice(0, 10)} ${told.slice(11, 16)}` : told.slice(0, 10);
}

/** The row of an ascending column that is nearest to a value. */
function nearest(column, value) {
  let low = 0;
  let high = column.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (column[middle] < value) low = middle;
    else high = middle;
  }
  return value - column[low] <= column[high] - value ? low : high;
}

function percent(value) {
  return `${(value * 100).toFixed(2)}%`;
}

function money(value) {
  return Math.round(value).toLocaleString("en-US");
}

/** Shape: `40.2M`, for the side of a chart. */
function short(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return `${(value / 1e9).toFixed(2)}B`;
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (size >= 1e3) return `${(value / 1e3).toFixed(0)}k`;
  return `${value}`;
}
