// Short words at the edge of the page when something went wrong; they go by themselves.

import { h, icon } from "./dom.js";

const SECONDS = 8;

export function notice(words) {
  const board = document.getElementById("notices");
  const close = h("button", { class: "icon-button", "aria-label": "Dismiss", on: { click: () => note.remove() } }, icon("close"));
  const note = h("div", { class: "notice" }, h("span", {}, words), close);
  board.replaceChildren(note);
  setTimeout(() => note.remove(), SECONDS * 1000);
}
