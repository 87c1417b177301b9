// Elements, made without text that is markup.
const SVG = "http://www.w3.org/2000/svg";
export function made(name, attributes = {}, ...inside) { return filled(document.createElement(name), attributes, inside); }
export function drawn(name, attributes = {}, ...inside) { return filled(document.createElementNS(SVG, name), attributes, inside); }
function filled(element, attributes, inside) {
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(key, value);
  element.append(...inside.filter((each) => each !== null));
  return element;
}
// A number as people read it, with the exact one beside it.
export function exact(shown, whole, id = null, kind = null) { return made("span", { "data-exact": whole ?? "", "data-of": id, class: kind }, shown); }
export function rows(heads, lines, caption = null) { // heads: [text, is a number]
  const head = made("tr", {}, ...heads.map(([text, number]) => made("th", { scope: "col", class: number ? "num" : null }, text)));
  const body = lines.map((cells) => made("tr", {}, ...cells.map((cell, i) => made("td", { class: heads[i][1] ? "num" : null }, cell ?? "–"))));
  return made("table", {}, ...(caption ? [made("caption", {}, caption)] : []), made("thead", {}, head), made("tbody", {}, ...body));
}
export function pairs(list) { return made("dl", {}, ...list.flatMap(([term, value]) => [made("dt", {}, term), made("dd", {}, value ?? "–")])); }
export function put(id, ...inside) {
  const place = document.getElementById(id), left = place.querySelector(".wide, table")?.scrollLeft;
  place.replaceChildren(...inside.filter((each) => each !== null));
  if (left) place.scrollLeft = left;
}
