// The app's modals: one is seen at a time, whatever lies below it.

import { renderBlocks } from "./blocks.js";
import { h, icon, keepingFocus } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { act } from "./wire.js";
import { store, world } from "./store.js";

const FIRST = ":is(.modal-body, footer) :is(input, textarea, .menu-button, .button)";
let dialog = null;
let shown = null; // {id, hash, depth}
let before = null; // what had the focus when the first modal opened
const filled = new Map(); // what was typed, by view; kept while the app changes the view

export function drawModal() {
  const view = store.modal;
  if (!view) return dialog && leave();
  if (shown?.id === view.id && shown.hash === view.hash) return;
  const isSame = shown?.id === view.id;
  shown = { id: view.id, hash: view.hash };
  if (!filled.has(view.id)) filled.set(view.id, new Map());
  if (!dialog) enter();
  const form = draw(view, filled.get(view.id));
  const body = dialog.querySelector(".modal-body");
  const scrolled = isSame && body ? body.scrollTop : 0;
  const found = keepingFocus(dialog, () => dialog.replaceChildren(form));
  form.querySelector(".modal-body").scrollTop = scrolled;
  if (!isSame || found === false) form.querySelector(FIRST)?.focus();
}

function enter() {
  before = document.activeElement;
  dialog = h("dialog", { class: "modal", "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (event.target === dialog) act("close", { view: shown.id, all: false });
  });
  document.body.append(dialog);
  dialog.showModal();
}

function leave() {
  dialog.close();
  dialog.remove();
  dialog = shown = null;
  filled.clear();
  if (before?.isConnected && before !== document.body) before.focus();
  else document.querySelector("#room textarea")?.focus();
}

function draw(view, values) {
  const close = (all) => () => act("close", { view: view.id, all });
  const failure = h("p", { class: "failure", role: "alert", hidden: true });
  const body = renderBlocks(view.blocks, {
    filled: values,
    press: (block, element, given) =>
      act("press", { view: view.id, block_id: block.block_id, action_id: element.action_id, given, filled: triples(values) }),
    suggest: (element, query) => act("suggest", { view: view.id, action_id: element.action_id, query }),
  });
  const inStack = view.depth > 1;
  const leaveWord = view.close ? textObject(view.close, world) : inStack ? "Back" : view.submit ? "Cancel" : "Close";
  const form = h("form", { class: "modal-form", noValidate: true },
    h("header", {},
      inStack && h("button", { type: "button", class: "icon-button", "aria-label": "Back to what was open before", on: { click: close(false) } }, icon("back")),
      h("h2", { id: "modal-title" }, textObject(view.title, world)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: close(true) } }, icon("close"))),
    h("div", { class: "modal-body" }, failure, body),
    h("footer", {},
      h("button", { type: "button", class: "button", on: { click: close(false) } }, leaveWord),
      view.submit && h("button", { type: "submit", class: "button primary" }, textObject(view.submit, world))));
  form.addEventListener("submit", (event) => submit(event, view, values, { form, failure }));
  return form;
}

function triples(values) {
  return [...values.values()].map(({ block, action, given }) => [block, action, given]);
}

async function submit(event, view, values, { form, failure }) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const answer = await act("submit", { view: view.id, filled: triples(values) });
  button.removeAttribute("aria-busy");
  failure.hidden = !answer.failure;
  failure.textContent = answer.failure ?? "";
  showErrors(form, answer.errors ?? {});
}

function showErrors(form, errors) {
  let first = null;
  for (const error of form.querySelectorAll(".field-error")) {
    const words = errors[error.dataset.block];
    error.textContent = words ?? "";
    error.hidden = !words;
    const field = error.closest(".field");
    field.classList.toggle("wrong", Boolean(words));
    for (const input of field.querySelectorAll("input:not(.search), textarea")) input.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) first ??= field;
  }
  first?.querySelector("input, textarea, .menu-button")?.focus();
}
