// Dates, times, radio buttons and checkboxes.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

const KINDS = { datepicker: ["date", "initial_date"], timepicker: ["time", "initial_time"], datetimepicker: ["datetime-local", "initial_date_time"] };

export function datePicker(element, chosen, { id, initial } = {}) {
  const [type, key] = KINDS[element.type];
  const start = initial ?? element[key];
  const value = type === "datetime-local" && start ? new Date(start * 1000).toISOString().slice(0, 16) : start;
  const field = h("input", { type, id, value: value ? String(value) : undefined, "aria-label": id ? undefined : element.placeholder?.text ?? "Date" });
  field.addEventListener("change", () => chosen(type === "datetime-local" ? Math.floor(Date.parse(`${field.value}Z`) / 1000) : field.value));
  return field;
}

let groups = 0;

export function choices(block, element, chosen, { initial } = {}) {
  const many = element.type === "checkboxes";
  const name = `choice-${(groups += 1)}`;
  const start = initial ?? (many ? element.initial_options : element.initial_option);
  const isOn = (option) => [start ?? []].flat().some((one) => one.value === option.value);
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-label": element.action_id });
  const tell = () => {
    const on = element.options.filter((_, place) => box.querySelectorAll("input")[place].checked);
    chosen(many ? on : on[0]);
  };
  box.append(...element.options.map((option) =>
    h("label", {}, h("input", { type: many ? "checkbox" : "radio", name, checked: isOn(option), on: { change: tell } }),
      h("span", {}, textObject(option.text, world), option.description && h("span", { class: "soft" }, textObject(option.description, world))))));
  return box;
}
