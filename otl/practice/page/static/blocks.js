// Block Kit as elements. `handle` says what a press does: {press, suggest, filled}.

import { h, icon } from "./dom.js";
import { renderElement } from "./elements.js";
import { renderInput } from "./inputs.js";
import { anchor, mrkdwn, plain, textObject } from "./mrkdwn.js";
import { renderChart, renderTable } from "./figures.js";
import { world } from "./store.js";

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
  header: (block) => h("h3", { class: "block-header" }, textObject(block.text, world)),
  image: (block) => h("figure", {}, block.title && h("figcaption", {}, textObject(block.title, world)), picture(block)),
  input: renderInput,
  alert: (block) => h("p", { class: `alert ${block.level ?? ""}`, role: "note" }, textObject(block.text, world)),
  markdown: (block) => h("div", { class: "text" }, mrkdwn(block.text, world)),
  rich_text: (block) => h("div", { class: "rich" }, block.elements.map(richPart)),
  table: renderTable,
  data_visualization: renderChart,
};

function unknown(block) {
  return h("p", { class: "unknown" }, `[${block.type}]`);
}

export function picture(image) {
  return h("img", { src: image.image_url, alt: image.alt_text, loading: "lazy" });
}

function richPart(part) {
  const pieces = part.elements.map(richPiece);
  switch (part.type) {
    case "rich_text_preformatted":
      return preformatted(part, pieces);
    case "rich_text_quote":
      return h("blockquote", {}, pieces);
    case "rich_text_list":
      return h(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((item) => h("li", {}, item.elements.map(richPiece))));
    default:
      return h("div", { class: "text" }, pieces);
  }
}

function preformatted(part, pieces) {
  const words = part.elements.map((piece) => piece.text ?? piece.url ?? "").join("");
  const button = h("button", { class: "icon-button copy", "aria-label": "Copy", title: "Copy" }, icon("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words);
    button.replaceChildren(icon("check"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1500);
  });
  return h("div", { class: "preformatted" }, h("pre", {}, pieces), button);
}

export function richPiece(piece) {
  switch (piece.type) {
    case "text":
      return styled(plain(piece.text), piece.style);
    case "link":
      return /^(https?:|mailto:)/i.test(piece.url) ? anchor(piece.url, piece.text) : piece.text ?? "";
    case "user":
      return h("span", { class: "mention" }, `@${world.people[piece.user_id]?.real_name ?? piece.user_id}`);
    case "emoji":
      return plain(`:${piece.name}:`);
    default:
      return "";
  }
}

function styled(text, style = {}) {
  let node = text;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  return node;
}
