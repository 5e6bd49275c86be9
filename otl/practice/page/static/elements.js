// What can be pressed or chosen in a message, a modal or the Home.

import { confirmed } from "./confirm.js";
import { h, icon } from "./dom.js";
import { choiceMenu } from "./menus.js";
import { picture } from "./blocks.js";
import { choices, datePicker } from "./pickers.js";
import { openBelow } from "./popover.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

export function renderElement(block, element, handle) {
  const drawn = draw(block, element, handle, (given) => pressed(block, element, handle, given));
  if (element.action_id) drawn.dataset.key = `${block.block_id} ${element.action_id}`; // by which the focus finds its place again
  return drawn;
}

function draw(block, element, handle, send) {
  switch (element.type) {
    case "button":
      return button(element, send);
    case "overflow":
      return overflow(element, send);
    case "image":
      return picture(element);
    case "radio_buttons":
    case "checkboxes":
      return choices(element, send);
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return datePicker(element, send);
    default:
      return element.type.endsWith("_select")
        ? choiceMenu(element, { suggest: handle.suggest, chosen: send })
        : h("span", { class: "unknown" }, `[${element.type}]`);
  }
}

async function pressed(block, element, handle, given) {
  if (element.confirm && !(await confirmed(element.confirm))) return { ok: true };
  return handle.press(block, element, given);
}

function button(element, send) {
  const kind = ["button", element.style].filter(Boolean).join(" ");
  const words = textObject(element.text, world);
  const press = async (event) => {
    const target = event.currentTarget;
    if (target.getAttribute("aria-busy") === "true") return;
    target.setAttribute("aria-busy", "true");
    const answer = await send();
    target.removeAttribute("aria-busy");
    target.classList.toggle("failed", !answer.ok);
  };
  const name = element.accessibility_label;
  if (element.url) return h("a", { class: kind, href: safe(element.url), target: "_blank", rel: "noopener noreferrer", "aria-label": name, on: { click: press } }, words);
  return h("button", { type: "button", class: kind, "aria-label": name, on: { click: press } }, words);
}

function safe(url) {
  return /^https?:\/\//i.test(url) ? url : "about:blank";
}

function overflow(element, send) {
  const open = (event) => {
    const menu = h("ul", { class: "menu", role: "menu" }, element.options.map((option) => {
      const choose = () => {
        close();
        if (option.url) window.open(safe(option.url), "_blank", "noopener");
        send(option);
      };
      return h("li", { role: "none" }, h("button", { type: "button", role: "menuitem", on: { click: choose } }, textObject(option.text, world)));
    }));
    const close = openBelow(event.currentTarget, menu);
  };
  return h("button", { type: "button", "aria-expanded": "false", class: "button overflow", "aria-label": "More actions", "aria-haspopup": "menu", on: { click: open } }, icon("more"));
}
