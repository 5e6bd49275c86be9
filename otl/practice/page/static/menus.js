// Menus with a search: of given options, of people or channels, or of what the app answers.

import { h, icon } from "./dom.js";
import { openBelow } from "./popover.js";
import { textObject } from "./mrkdwn.js";
import { store, world } from "./store.js";

const PAUSE = 200;

export function choiceMenu(element, { suggest, chosen, initial = element.initial_option, id, labelledBy }) {
  const many = element.type.startsWith("multi_");
  let picked = many ? [...(initial ?? element.initial_options ?? [])] : [initial].filter(Boolean);
  const label = h("span", {});
  const button = h("button", { type: "button", class: "menu-button", "aria-haspopup": "listbox", id, "aria-labelledby": labelledBy && `${labelledBy} ${id}` }, label, icon("down"));
  const show = () => {
    const words = picked.map((option) => textObject(option.text, world)).join(", ");
    label.textContent = words || (element.placeholder?.text ?? "Choose…");
    label.classList.toggle("placeholder", !words);
  };
  const take = (option) => {
    if (!many) picked = [option];
    else if (picked.some((one) => one.value === option.value)) picked = picked.filter((one) => one.value !== option.value);
    else picked = [...picked, option];
    show();
    chosen(many ? picked : given(element, option));
  };
  button.addEventListener("click", () => open(button, element, suggest, take, () => picked));
  show();
  return button;
}

// People and channels are sent as ids, options as they are.
function given(element, option) {
  return /^(users|conversations|channels)_/.test(element.type) ? option.value : option;
}

function open(button, element, suggest, take, picked) {
  const list = h("ul", { class: "options", role: "listbox", "aria-label": "Options" });
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search", autocomplete: "off" });
  const close = openBelow(button, h("div", { class: "menu with-search" }, search, list));
  const choose = (option) => () => {
    close();
    take(option);
  };
  const draw = (groups) => list.replaceChildren(...rows(groups, choose, picked()));
  const load = async () => draw(await find(element, suggest, search.value));
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, element.type.includes("external") ? PAUSE : 0);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
  load();
}

function rows(groups, choose, picked) {
  const drawn = groups.flatMap(({ label, options }) => [
    label && h("li", { class: "option-group", role: "presentation" }, textObject(label, world)),
    ...options.map((option) =>
      h("li", { role: "option", "aria-selected": String(picked.some((one) => one.value === option.value)) },
        h("button", { type: "button", on: { click: choose(option) } }, textObject(option.text, world),
          option.description && h("span", { class: "soft" }, textObject(option.description, world))))),
  ]);
  return drawn.some(Boolean) ? drawn.filter(Boolean) : [h("li", { class: "soft nothing" }, "Nothing found")];
}

async function find(element, suggest, query) {
  if (element.type.includes("external")) {
    if (query.length < (element.min_query_length ?? 3)) return query ? [] : hint(element);
    const answer = await suggest(element, query);
    return grouped(answer.options ?? []);
  }
  const words = query.toLowerCase();
  const fits = (option) => option.text.text.toLowerCase().includes(words);
  return grouped(element.option_groups ?? element.options ?? known(element)).map((group) => ({ ...group, options: group.options.filter(fits) }));
}

function hint(element) {
  const text = `Type ${element.min_query_length ?? 3} letters or more`;
  return [{ label: { type: "plain_text", text }, options: [] }];
}

function grouped(options) {
  return options.length && options[0].options ? options : [{ options }];
}

function known(element) {
  const option = (text, value) => ({ text: { type: "plain_text", text }, value });
  if (element.type.includes("users")) return Object.values(store.people).filter((one) => !one.is_bot).map((one) => option(one.real_name, one.id));
  return store.channels.filter((one) => one.kind !== "im").map((one) => option(`#${one.name}`, one.id));
}
