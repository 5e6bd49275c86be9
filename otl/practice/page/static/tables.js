// The two kinds of table: a plain one, and one with a caption that can be sorted and has pages.

import { h, icon } from "./dom.js";
import { richParts } from "./rich.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

const ROWS_OF_A_PAGE = 5;

export function renderTable(block) {
  const [first, ...rest] = block.rows;
  const align = (place) => block.column_settings?.[place]?.align ?? "left";
  return frame("Table",
    h("table", {},
      h("thead", {}, h("tr", {}, first.map((one, place) => h("th", { scope: "col", class: `at-${align(place)}` }, cell(one))))),
      h("tbody", {}, rest.map((row) => h("tr", {}, row.map((one, place) => h("td", { class: `at-${align(place)}` }, cell(one))))))));
}

export function renderDataTable(block) {
  const [first, ...rest] = block.rows;
  const size = block.page_size ?? ROWS_OF_A_PAGE;
  const isNumber = first.map((_, place) => rest.every((row) => row[place].type === "raw_number"));
  let sort = null; // {place, down}
  let page = 0;
  const whole = h("div", { class: "data-table" });

  const draw = (focus) => {
    const rows = sort ? [...rest].sort(order(sort, isNumber[sort.place])) : rest;
    const pages = Math.max(1, Math.ceil(rows.length / size));
    page = Math.min(page, pages - 1);
    const shown = rows.slice(page * size, (page + 1) * size);
    whole.replaceChildren(
      frame(block.caption,
        h("table", {},
          h("caption", {}, block.caption),
          h("thead", {}, h("tr", {}, first.map((one, place) => head(one, place)))),
          h("tbody", {}, shown.map((row) => h("tr", {}, row.map((one, place) => body(one, place))))))),
      pages > 1 && turner(pages));
    if (focus) whole.querySelector(focus)?.focus();
  };
  const head = (one, place) => {
    const mine = sort?.place === place;
    const turn = () => {
      sort = { place, down: mine && !sort.down };
      page = 0;
      draw(`th:nth-child(${place + 1}) button`);
    };
    return h("th", { scope: "col", class: isNumber[place] ? "at-right" : "", "aria-sort": mine ? (sort.down ? "descending" : "ascending") : undefined },
      h("button", { type: "button", class: mine ? `sort ${sort.down ? "down" : "up"}` : "sort", on: { click: turn } }, cell(one), icon("down")));
  };
  const body = (one, place) =>
    place === (block.row_header_column_index ?? 0)
      ? h("th", { scope: "row" }, cell(one))
      : h("td", { class: isNumber[place] ? "at-right" : "" }, cell(one));
  const turner = (pages) => {
    const step = (by, name) => h("button", { type: "button", class: `icon-button turn-${by > 0 ? "on" : "back"}`, "aria-label": name, disabled: page + by < 0 || page + by >= pages, on: { click: () => turnTo(by) } }, icon("back"));
    return h("div", { class: "turner" }, step(-1, "Earlier rows"), h("span", { class: "soft", role: "status" }, `Page ${page + 1} of ${pages}`), step(1, "More rows"));
  };
  const turnTo = (by) => {
    page += by;
    draw(by > 0 ? ".turn-on:enabled, .turn-back" : ".turn-back:enabled, .turn-on");
  };
  draw();
  return whole;
}

function order({ place, down }, byNumber) {
  const key = (row) => (byNumber ? row[place].value : words(row[place]).toLowerCase());
  return (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0) * (down ? -1 : 1);
}

function frame(name, table) {
  return h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": name }, table);
}

function words(one) {
  return one.text ?? String(one.value ?? one.elements?.flatMap((part) => part.elements.map((piece) => piece.text ?? "")).join("") ?? "");
}

function cell(one) {
  if (one.type === "rich_text") return richParts(one);
  if (one.type === "raw_text" || one.type === "raw_number") return words(one);
  return textObject(one, world);
}
