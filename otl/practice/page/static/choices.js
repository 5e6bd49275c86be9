// What was chosen in a menu: options as the app gave them, ids of people and channels.

import { world } from "./store.js";

const IDS = /(users|conversations|channels)_select$/;

// An id with the name that people know it by.
export function optionOf(id) {
  const person = world.people[id]?.real_name;
  const name = world.channelName(id);
  return { text: { type: "plain_text", text: person ?? (name ? `#${name}` : id) }, value: id };
}

// People and channels travel as ids, options as they are.
export function given(element, chosen) {
  if (!IDS.test(element.type)) return chosen;
  return Array.isArray(chosen) ? chosen.map((option) => option.value) : chosen?.value;
}

// What stands in a menu before anyone chooses anew.
export function chosenFirst(element, before) {
  const [, source] = IDS.exec(element.type) ?? [];
  const one = source ? source.slice(0, -1) : "option";
  const initial = before === undefined ? (element[`initial_${one}`] ?? element[`initial_${one}s`]) : before;
  return [initial].flat().filter(Boolean).map((each) => (typeof each === "string" ? optionOf(each) : each));
}
