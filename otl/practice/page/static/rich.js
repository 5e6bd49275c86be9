// Rich text blocks.

import { h, icon } from "./dom.js";
import { anchor, plain } from "./mrkdwn.js";
import { world } from "./store.js";
import { slackDate } from "./time.js";

const COPIED_SECONDS = 1.5;

export function renderRich(block) {
  return h("div", { class: "rich" }, richParts(block));
}

export function richParts(block) {
  return block.elements.map(richPart);
}

function richPart(part) {
  switch (part.type) {
    case "rich_text_preformatted":
      return preformatted(part);
    case "rich_text_quote":
      return h("blockquote", {}, part.elements.map(richPiece));
    case "rich_text_list":
      return list(part);
    default:
      return h("div", { class: "text" }, part.elements.map(richPiece));
  }
}

function list(part) {
  const items = part.elements.map((item) => h("li", {}, item.elements.map(richPiece)));
  const element = h(part.style === "ordered" ? "ol" : "ul", { start: part.offset ? part.offset + 1 : undefined }, items);
  element.style.marginInlineStart = `${(part.indent ?? 0) * 1.25}rem`;
  return element;
}

function preformatted(part) {
  const words = part.elements.map((piece) => piece.text ?? piece.url ?? "").join("");
  const button = h("button", { type: "button", class: "icon-button copy", "aria-label": "Copy", title: "Copy" }, icon("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words);
    button.replaceChildren(icon("check"));
    button.setAttribute("aria-label", "Copied");
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.setAttribute("aria-label", "Copy");
    }, COPIED_SECONDS * 1000);
  });
  return h("div", { class: "preformatted" }, h("pre", {}, part.elements.map(richPiece)), button);
}

function richPiece(piece) {
  switch (piece.type) {
    case "text":
      return styled(plain(piece.text), piece.style);
    case "link":
      return /^(https?:|mailto:)/i.test(piece.url) ? anchor(piece.url, piece.text) : piece.text ?? "";
    case "user":
      return mention(`@${world.people[piece.user_id]?.real_name ?? piece.user_id}`);
    case "channel":
      return mention(`#${world.channelName(piece.channel_id) ?? piece.channel_id}`);
    case "broadcast":
      return mention(`@${piece.range}`);
    case "date":
      return h("time", { title: piece.fallback }, slackDate(piece.timestamp, piece.format, world.zone));
    case "emoji":
      return plain(`:${piece.name}:`);
    default:
      return "";
  }
}

function mention(words) {
  return h("span", { class: "mention" }, words);
}

function styled(text, style = {}) {
  let node = text;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  return node;
}
