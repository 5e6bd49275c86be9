// Input blocks of a modal: label, field, hint and the sentence about what is wrong.

import { h } from "./dom.js";
import { choiceMenu } from "./menus.js";
import { choices, datePicker } from "./pickers.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

export function renderInput(block, handle) {
  const id = `field-${block.block_id}`;
  const element = block.element;
  const key = `${block.block_id} ${element.action_id}`;
  const keep = (given) => handle.filled?.set(key, { block: block.block_id, action: element.action_id, given });
  const dispatch = (given) => block.dispatch_action && handle.press(block, element, given);
  const ids = { id, labelledBy: `${id}-label`, describedBy: block.hint ? `${id}-hint ${id}-error` : `${id}-error` };
  const before = handle.filled?.get(key)?.given;
  const group = element.type === "checkboxes" || element.type === "radio_buttons";
  return h("div", { class: "field", "data-key": key },
    h(group ? "p" : "label", { class: "label", id: ids.labelledBy, for: group ? undefined : id }, textObject(block.label, world), block.optional && h("span", { class: "soft" }, " (optional)")),
    field(element, { ...ids, before, keep, dispatch, handle, required: !block.optional }),
    block.hint && h("p", { class: "soft hint", id: `${id}-hint` }, textObject(block.hint, world)),
    h("p", { class: "field-error", id: `${id}-error`, "data-block": block.block_id, role: "alert", hidden: true }));
}

function field(element, { id, labelledBy, describedBy, before, keep, dispatch, handle, required }) {
  const chosen = (given) => {
    keep(given);
    dispatch(given);
  };
  if (element.type in TYPES) return typed(element, { id, describedBy, before, keep, dispatch, required });
  if (element.type.endsWith("_select")) return choiceMenu(element, { id, labelledBy, describedBy, suggest: handle.suggest, chosen, initial: before, optional: !required });
  if (element.type === "checkboxes" || element.type === "radio_buttons") return choices(element, chosen, { initial: before, labelledBy, describedBy });
  if (element.type.endsWith("picker")) return datePicker(element, chosen, { id, initial: before, describedBy });
  return h("span", { class: "unknown" }, `[${element.type}]`);
}

// dispatch_action_config says whether the app hears of Enter (the rule) or of each letter.
function typed(element, { id, describedBy, before, keep, dispatch, required }) {
  const value = before ?? element.initial_value ?? "";
  const number = element.type === "number_input";
  const shared = { id, placeholder: element.placeholder?.text, maxLength: element.max_length ?? 3000, "aria-describedby": describedBy, "aria-required": required ? "true" : undefined, inputMode: number ? (element.is_decimal_allowed ? "decimal" : "numeric") : undefined, autocomplete: "off" };
  const one = element.multiline ? h("textarea", { ...shared, rows: 4 }) : h("input", { ...shared, type: TYPES[element.type] });
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  one.value = value;
  one.addEventListener("input", () => {
    keep(one.value);
    if (triggers.includes("on_character_entered")) dispatch(one.value);
  });
  one.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !element.multiline && triggers.includes("on_enter_pressed")) dispatch(one.value);
  });
  return one;
}
