// What the composer offers while one types: /commands, @people and #channels.

import { avatar, h, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { channel, store } from "./store.js";

const MOST = 8;
const MENTION = /(?:^|\s)([@#])([\p{L}\d._-]*)$/u;

// Returns {element, refresh(), key(event), close()} for a field.
export function suggestionsFor(field, { inThread, changed }) {
  const head = h("p", { class: "offers-head" });
  const list = new Listbox(field, { label: "Suggestions", choose: (item) => take(item) });
  const element = h("div", { class: "offers", hidden: true }, head, list.element);
  let from = 0;
  let dismissed = "";

  const close = () => {
    element.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const take = ({ insert }) => {
    const end = field.selectionStart;
    field.value = field.value.slice(0, from) + insert + field.value.slice(end);
    field.setSelectionRange(from + insert.length, from + insert.length);
    close();
    field.focus();
    changed();
    close();
  };
  const refresh = () => {
    const found = find(field, inThread);
    if (!found?.items.length || dismissed === field.value) return close();
    from = found.from;
    head.textContent = found.heading;
    element.hidden = false;
    list.show([{ items: found.items }], { active: found.active ?? 0 });
  };
  const key = (event) => {
    if (element.hidden) return false;
    if (event.key === "Escape") {
      dismissed = field.value;
      close();
      event.preventDefault();
      event.stopPropagation();
      return true;
    }
    if (event.key === "Tab" && !event.shiftKey) {
      take(list.items[Math.max(0, list.active)]);
      event.preventDefault();
      return true;
    }
    return list.key(event);
  };
  return { element, refresh, key, close };
}

function find(field, inThread) {
  const typed = field.value.slice(0, field.selectionStart);
  if (typed.startsWith("/") && !inThread && typed === field.value) {
    const items = commands().filter(({ insert }) => insert.startsWith(typed) && insert !== typed);
    // A whole command can be sent as it stands: Enter takes an offer only if one has gone to it.
    const active = store.app.commands.some((command) => typed.startsWith(command)) ? -1 : 0;
    if (items.length) return { from: 0, heading: active < 0 ? "Tab takes the first" : "Commands", items, active };
  }
  const mention = MENTION.exec(typed);
  if (!mention) return null;
  const query = mention[2].toLowerCase();
  const from = typed.length - mention[2].length - 1;
  const items = (mention[1] === "@" ? people() : channels()).filter(({ found }) => found.some((word) => word.startsWith(query)));
  if (items.length === 1 && items[0].insert.trim() === mention[1] + query) return null; // whole already, in capitals too
  return { from, heading: mention[1] === "@" ? "People and apps" : "Channels", items: items.slice(0, MOST) };
}

function commands() {
  const here = channel(store.here);
  const invite = here && here.kind !== "im" && !here.has_app ? [{ line: `/invite @${store.app.handle}`, says: `Add ${store.app.name} to this channel` }] : [];
  return [...store.app.hints, ...invite].map(({ line, says }) => ({ insert: line, row: [h("code", {}, line), h("span", { class: "soft" }, says)] }));
}

function people() {
  return Object.values(store.people).map((person) => ({
    insert: `@${person.name} `,
    found: [person.name, ...person.real_name.toLowerCase().split(" ")],
    row: [avatar(person), h("span", {}, person.real_name), h("span", { class: "soft" }, person.is_bot ? "App" : `@${person.name}`)],
  }));
}

function channels() {
  return store.channels.filter((one) => one.kind !== "im").map((one) => ({
    insert: `#${one.name} `,
    found: [one.name],
    row: [h("span", { class: "sign", "aria-hidden": "true" }, one.kind === "group" ? icon("lock") : "#"), h("span", {}, one.name)],
  }));
}
