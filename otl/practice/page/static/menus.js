// Menus with a search: of given options, of people or channels, or of what the app answers.

import { h, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { chosenFirst, given, optionOf } from "./choices.js";
import { openBelow } from "./popover.js";
import { textObject } from "./mrkdwn.js";
import { store, world } from "./store.js";

const PAUSE = 200;
const FAILURE = "The app did not answer.";

// `initial` is what was chosen before, as it was given, null for nothing; undefined takes the
// element's own. What is optional can be cleared.
export function choiceMenu(element, { suggest, chosen, initial, id, labelledBy, describedBy, optional }) {
  const many = element.type.startsWith("multi_");
  let picked = chosenFirst(element, initial);
  const label = h("span", {});
  const button = h("button", { type: "button", class: "menu-button", "aria-haspopup": "listbox", "aria-expanded": "false", id, "aria-labelledby": labelledBy && `${labelledBy} ${id}`, "aria-describedby": describedBy }, label, icon("down"));
  const show = () => {
    const words = picked.map((option) => textObject(option.text, world)).join(", ");
    label.textContent = words || (element.placeholder?.text ?? "Choose…");
    label.classList.toggle("placeholder", !words);
  };
  const tell = () => chosen(given(element, many ? picked : picked[0]) ?? null);
  const clear = optional && (() => {
    picked = [];
    show();
    if (!many) tell();
  });
  const take = (option) => {
    if (!many) picked = [option];
    else if (has(picked, option)) picked = picked.filter((one) => one.value !== option.value);
    else if (picked.length < (element.max_selected_items ?? Infinity)) picked = [...picked, option];
    show();
    if (!many) tell();
  };
  button.addEventListener("click", () => {
    const before = picked;
    open(button, element, { suggest, take, clear, many, picked: () => picked, closed: () => many && picked !== before && tell() });
  });
  show();
  return button;
}

function has(picked, option) {
  return picked.some((one) => one.value === option.value);
}

function open(button, element, { suggest, take, clear, many, picked, closed }) {
  const search = h("input", { type: "text", class: "search", role: "combobox", "aria-expanded": "true", placeholder: "Search", "aria-label": "Search", autocomplete: "off" });
  const nothing = h("p", { class: "nothing", role: "status" });
  let groups = [];
  const list = new Listbox(search, { label: "Options", many, choose: ({ option }) => choose(option) });
  const undo = () => {
    clear();
    close();
  };
  const clearing = clear && picked().length > 0 && h("button", { type: "button", class: "clear", on: { click: undo } }, icon("close"), "Clear");
  const close = openBelow(button, h("div", { class: "menu with-search" }, search, list.element, nothing, clearing), { closed });
  const choose = (option) => {
    if (!many) close();
    take(option);
    if (many) draw(list.active);
  };
  const draw = (active = 0) => {
    list.show(groups.map(({ label, options }) => ({ label: label && textObject(label, world), items: options.map((option) => item(option, has(picked(), option))) })), { active });
  };
  const load = async () => {
    const wanted = search.value;
    const found = await find(element, suggest, wanted);
    if (wanted !== search.value) return; // a later question is on its way
    groups = found.groups;
    nothing.textContent = found.words ?? (groups.some(({ options }) => options.length) ? "" : "Nothing found");
    draw();
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, element.type.includes("external") ? PAUSE : 0);
  });
  search.addEventListener("keydown", (event) => {
    if (!list.key(event) && event.key === "Enter") event.preventDefault(); // a form below must not be sent
  });
  load();
}

function item(option, selected) {
  const row = [
    h("span", { class: "option-words" }, textObject(option.text, world),
      option.description && h("span", { class: "soft" }, textObject(option.description, world))),
    icon("check"),
  ];
  return { option, selected, row };
}

async function find(element, suggest, query) {
  if (element.type.includes("external")) return ask(element, suggest, query);
  const words = query.toLowerCase();
  const fits = (option) => option.text.text.toLowerCase().includes(words);
  const groups = grouped(element.option_groups ?? element.options ?? known(element));
  return { groups: groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length) };
}

async function ask(element, suggest, query) {
  const fewest = element.min_query_length ?? 3;
  if (query.length < fewest) return { groups: [], words: fewest === 1 ? "Type to search" : `Type ${fewest} letters or more` };
  const answer = await suggest(element, query);
  return answer.ok ? { groups: grouped(answer.options) } : { groups: [], words: FAILURE };
}

function grouped(options) {
  return options.length && options[0].options ? options : [{ options }];
}

function known(element) {
  const people = Object.values(store.people).filter((one) => !one.is_bot).map((one) => optionOf(one.id));
  if (element.type.includes("users")) return people;
  const wanted = element.filter?.include ?? ["public", "private", "im"];
  const kinds = { channel: "public", group: "private" };
  const isWanted = (one) => (element.type.includes("channels") ? one.kind === "channel" : wanted.includes(kinds[one.kind]));
  const channels = store.channels.filter((one) => one.kind !== "im" && isWanted(one)).map((one) => optionOf(one.id));
  return element.type.includes("conversations") && wanted.includes("im") ? [...channels, ...people] : channels;
}
