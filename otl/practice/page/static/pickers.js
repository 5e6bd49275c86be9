// Dates, times, radio buttons and checkboxes.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";
import { fromWallClock, wallClock } from "./time.js";

const KINDS = { datepicker: ["date", "initial_date", "Date"], timepicker: ["time", "initial_time", "Time"], datetimepicker: ["datetime-local", "initial_date_time", "Date and time"] };

export function datePicker(element, chosen, { id, initial, describedBy } = {}) {
  const [type, key, name] = KINDS[element.type];
  const start = initial ?? element[key];
  const isInstant = type === "datetime-local";
  const value = isInstant && start ? wallClock(Number(start), world.zone) : start;
  const field = h("input", { type, id, value: value ? String(value) : undefined, "aria-describedby": describedBy, "aria-label": id ? undefined : element.placeholder?.text ?? name });
  field.addEventListener("change", () => chosen(isInstant ? fromWallClock(field.value, world.zone) : field.value));
  return field;
}

let groups = 0;

export function choices(element, chosen, { initial, labelledBy, describedBy } = {}) {
  const many = element.type === "checkboxes";
  const name = `choice-${(groups += 1)}`;
  const start = initial ?? (many ? element.initial_options : element.initial_option);
  const isOn = (option) => [start ?? []].flat().some((one) => one.value === option.value);
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-labelledby": labelledBy, "aria-describedby": describedBy, "aria-label": labelledBy ? undefined : "Options" });
  const tell = () => {
    const on = element.options.filter((_, place) => box.querySelectorAll("input")[place].checked);
    chosen(many ? on : on[0]);
  };
  box.append(...element.options.map((option) =>
    h("label", {}, h("input", { type: many ? "checkbox" : "radio", name, checked: isOn(option), on: { change: tell } }),
      h("span", {}, textObject(option.text, world), option.description && h("span", { class: "soft" }, textObject(option.description, world))))));
  return box;
}
