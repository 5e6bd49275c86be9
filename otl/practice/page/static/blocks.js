// Block Kit as elements. `handle` says what a press does: {press, suggest, filled}.

import { renderChart } from "./charts.js";
import { h } from "./dom.js";
import { renderElement } from "./elements.js";
import { renderInput } from "./inputs.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { renderRich } from "./rich.js";
import { world } from "./store.js";
import { renderDataTable, renderTable } from "./tables.js";

export function renderBlocks(blocks, handle) {
  return h("div", { class: "blocks" }, blocks.map((block) => (RENDER[block.type] ?? unknown)(block, handle)));
}

const RENDER = {
  section: (block, handle) =>
    h("div", { class: "section" },
      h("div", { class: "section-words" },
        block.text && h("div", { class: "text" }, textObject(block.text, world)),
        block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, textObject(field, world))))),
      block.accessory && h("div", { class: "accessory" }, renderElement(block, block.accessory, handle))),
  actions: (block, handle) => h("div", { class: "actions" }, block.elements.map((element) => renderElement(block, element, handle))),
  context: (block) =>
    h("div", { class: "context" }, block.elements.map((element) =>
      element.type === "image" ? picture(element) : h("span", { class: "text" }, textObject(element, world)))),
  divider: () => h("hr"),
  header: (block) => h("h2", { class: "block-header" }, textObject(block.text, world)),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, textObject(block.title, world)), picture(block)),
  input: renderInput,
  alert: (block) => h("p", { class: `alert ${block.level ?? ""}`, role: "note" }, textObject(block.text, world)),
  markdown: (block) => h("div", { class: "text" }, mrkdwn(block.text, world)),
  rich_text: renderRich,
  table: renderTable,
  data_table: renderDataTable,
  data_visualization: renderChart,
};

function unknown(block) {
  return h("p", { class: "unknown" }, `[${block.type}]`);
}

export function picture(image) {
  return h("img", { src: image.image_url, alt: image.alt_text, loading: "lazy" });
}
