// The app's modals: one is seen at a time, whatever lies below it.

import { renderBlocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { act } from "./wire.js";
import { store, world } from "./store.js";

let dialog = null;
let drawn = null;
const filled = new Map(); // what was typed, by view; kept while the app changes the view

export function drawModal() {
  const view = store.modal;
  if (!view) {
    dialog?.remove();
    dialog = drawn = null;
    filled.clear();
    return;
  }
  const key = `${view.id} ${view.hash}`;
  if (key === drawn) return;
  drawn = key;
  dialog?.remove();
  if (!filled.has(view.id)) filled.set(view.id, new Map());
  dialog = draw(view, filled.get(view.id));
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".modal-body :is(input, textarea, select, .menu-button)")?.focus();
}

function draw(view, values) {
  const close = (all) => () => act("close", { view: view.id, all });
  const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  const body = renderBlocks(view.blocks, {
    filled: values,
    press: (block, element, given) =>
      act("press", { view: view.id, block_id: block.block_id, action_id: element.action_id, given, filled: triples(values) }),
    suggest: (element, query) => act("suggest", { view: view.id, action_id: element.action_id, query }),
  });
  const form = h("form", { class: "modal-form", noValidate: true },
    h("header", {},
      view.depth > 1 && h("button", { type: "button", class: "icon-button", "aria-label": "Back", on: { click: close(false) } }, icon("back")),
      h("h2", { id: "modal-title" }, textObject(view.title, world)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: close(true) } }, icon("close"))),
    h("div", { class: "modal-body" }, trouble, body),
    h("footer", {},
      h("button", { type: "button", class: "button", on: { click: close(false) } }, view.close ? textObject(view.close, world) : "Cancel"),
      view.submit && h("button", { type: "submit", class: "button primary" }, textObject(view.submit, world))));
  form.addEventListener("submit", (event) => submit(event, view, values, { form, trouble }));
  const box = h("dialog", { class: "modal", "aria-labelledby": "modal-title" }, form);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false)();
  });
  return box;
}

function triples(values) {
  return [...values.values()].map(({ block, action, given }) => [block, action, given]);
}

async function submit(event, view, values, { form, trouble }) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (!button || button.disabled) return;
  button.disabled = true;
  const answer = await act("submit", { view: view.id, filled: triples(values) });
  button.disabled = false;
  trouble.hidden = !answer.trouble;
  trouble.textContent = answer.trouble ?? "";
  let first = null;
  for (const error of form.querySelectorAll(".field-error")) {
    const words = answer.errors?.[error.dataset.block];
    error.textContent = words ?? "";
    error.hidden = !words;
    const field = error.closest(".field");
    field.classList.toggle("wrong", Boolean(words));
    for (const input of field.querySelectorAll("input, textarea, .menu-button")) input.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) first ??= field;
  }
  first?.querySelector("input, textarea, .menu-button")?.focus();
}
