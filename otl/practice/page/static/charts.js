// Charts (data_visualization) as SVG: drawn for the width that is there, with their numbers beside.

import { h } from "./dom.js";
import { drawBars, drawLines, drawPie } from "./drawing.js";

const DRAW = { bar: drawBars, line: drawLines, area: drawLines, pie: drawPie };
const NARROWEST = 200;
const WIDEST = 560;

export function renderChart(block) {
  const chart = block.chart;
  const name = `${block.title}. ${spoken(chart)}`;
  const canvas = h("div", { class: "canvas" });
  let drawnFor = 0;
  const draw = (width) => {
    if (Math.abs(width - drawnFor) < 1) return;
    drawnFor = width;
    const picture = DRAW[chart.type](chart, Math.max(NARROWEST, Math.min(width, WIDEST)));
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", name);
    canvas.replaceChildren(picture);
  };
  new ResizeObserver(([entry]) => entry.contentRect.width && draw(entry.contentRect.width)).observe(canvas);
  return h("figure", { class: `chart ${chart.type}` }, h("figcaption", {}, block.title, chart.axis_config?.y_label && h("span", { class: "soft" }, chart.axis_config.y_label)), canvas, legend(chart), numbers(chart));
}

function spoken(chart) {
  if (chart.type === "pie") return chart.segments.map(({ label, value }) => `${label}: ${value}`).join(", ");
  return chart.series.map(({ name, data }) => `${name}: ${data.map(({ label, value }) => `${label} ${value}`).join(", ")}`).join("; ");
}

// A pie's legend has its numbers; of series only several need one.
function legend(chart) {
  const key = (place, words) => h("li", {}, h("span", { class: `key tone-${place}`, "aria-hidden": "true" }, String(place + 1)), words);
  if (chart.type === "pie") {
    const total = chart.segments.reduce((sum, { value }) => sum + value, 0) || 1;
    return h("ul", { class: "legend" }, chart.segments.map(({ label, value }, place) =>
      key(place, [h("span", { class: "legend-name" }, label), h("strong", {}, said(value)), h("span", { class: "soft" }, `${Math.round((100 * value) / total)} %`)])));
  }
  if (chart.series.length < 2) return null;
  return h("ul", { class: "legend in-line" }, chart.series.map(({ name }, place) => key(place, name)));
}

function numbers(chart) {
  if (chart.type === "pie") return null;
  const { categories, x_label: along } = chart.axis_config;
  const value = (series, category) => said(series.data.find(({ label }) => label === category)?.value ?? 0);
  return h("details", { class: "numbers" }, h("summary", {}, "Numbers"),
    h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, along ?? h("span", { class: "only-heard" }, "Category")), chart.series.map(({ name }) => h("th", { scope: "col", class: "at-right" }, name)))),
      h("tbody", {}, categories.map((category) =>
        h("tr", {}, h("th", { scope: "row" }, category), chart.series.map((series) => h("td", { class: "at-right" }, value(series, category))))))));
}

function said(value) {
  return value.toLocaleString("en-GB");
}
