// Tables and charts. A chart is drawn as a table with bars, so that it can be read aloud too.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

export function renderTable(block) {
  const [first, ...rest] = block.rows;
  return h("div", { class: "table", tabIndex: 0 },
    h("table", {},
      h("thead", {}, h("tr", {}, first.map((one) => h("th", { scope: "col" }, cell(one))))),
      h("tbody", {}, rest.map((row) => h("tr", {}, row.map((one) => h("td", {}, cell(one))))))));
}

function cell(one) {
  if (one.type === "rich_text") return one.elements.flatMap((part) => part.elements.map((piece) => piece.text ?? piece.url ?? ""));
  return one.type === "raw_text" ? one.text : textObject(one, world);
}

export function renderChart(block) {
  const rows = block.chart.segments ?? block.chart.series.flatMap((series) =>
    series.data.map((point) => ({ ...point, label: block.chart.series.length > 1 ? `${point.label} · ${series.name}` : point.label })));
  const most = Math.max(1, ...rows.map((row) => row.value));
  return h("figure", { class: "chart" }, h("figcaption", {}, block.title),
    h("table", {}, h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.label), h("td", {}, bar(row.value / most)), h("td", { class: "number" }, String(row.value)))))));
}

function bar(share) {
  const one = h("span", { class: "bar", "aria-hidden": "true" });
  one.style.inlineSize = `${Math.round(share * 100)}%`;
  return one;
}
