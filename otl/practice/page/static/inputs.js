// Input blocks of a modal: label, field, hint and the sentence about what is wrong.

import { h } from "./dom.js";
import { choiceMenu } from "./menus.js";
import { choices, datePicker } from "./pickers.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

export function renderInput(block, handle) {
  const id = `field-${block.block_id}`;
  const label = `${id}-label`;
  const element = block.element;
  const key = `${block.block_id} ${element.action_id}`;
  const keep = (given) => {
    handle.filled?.set(key, { block: block.block_id, action: element.action_id, given });
    if (block.dispatch_action) handle.press(block, element, given);
  };
  const before = handle.filled?.get(key)?.given;
  const error = h("p", { class: "field-error", id: `${id}-error`, "data-block": block.block_id, role: "alert", hidden: true });
  return h("div", { class: "field" },
    h("label", { id: label, for: id }, textObject(block.label, world), block.optional && h("span", { class: "soft" }, " (optional)")),
    field(block, element, { id, label, before, keep, handle }),
    block.hint && h("p", { class: "soft hint" }, textObject(block.hint, world)),
    error);
}

function field(block, element, { id, label, before, keep, handle }) {
  if (element.type in TYPES) return typed(element, { id, before, keep });
  if (element.type.endsWith("_select")) {
    return choiceMenu(element, { id, labelledBy: label, suggest: handle.suggest, chosen: keep, initial: asOption(before) ?? undefined });
  }
  if (element.type === "checkboxes" || element.type === "radio_buttons") return choices(block, element, keep, { initial: before });
  if (element.type.endsWith("picker")) return datePicker(element, keep, { id, initial: before });
  return h("span", { class: "unknown" }, `[${element.type}]`);
}

function asOption(given) {
  if (typeof given !== "string") return given;
  return { text: { type: "plain_text", text: world.people[given]?.real_name ?? world.channelName(given) ?? given }, value: given };
}

function typed(element, { id, before, keep }) {
  const value = before ?? element.initial_value ?? "";
  const shared = { id, placeholder: element.placeholder?.text, maxLength: element.max_length ?? 3000, "aria-describedby": `${id}-error`, autocomplete: "off" };
  const one = element.multiline ? h("textarea", { ...shared, rows: 4 }) : h("input", { ...shared, type: TYPES[element.type] });
  one.value = value;
  one.addEventListener("input", () => keep(one.value));
  return one;
}
