// Ctrl+K or ⌘K: go to a conversation, or become somebody else, by typing a few letters.

import { avatar, h, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { visit } from "./places.js";
import { MAIL, isAppTalk, store, title, unread } from "./store.js";

export function openSwitcher() {
  if (document.querySelector("dialog[open]")) return;
  const search = h("input", { type: "text", class: "search", role: "combobox", "aria-expanded": "true", placeholder: "Where to?", "aria-label": "Where to?", autocomplete: "off" });
  const nothing = h("p", { class: "nothing", role: "status" });
  const list = new Listbox(search, { label: "Places and people", choose: (item) => choose(item) });
  const box = h("dialog", { class: "modal switcher", "aria-label": "Go to" }, h("div", { class: "switcher-field" }, icon("search"), search), list.element, nothing);
  const choose = ({ go }) => {
    box.close();
    go();
  };
  const draw = () => {
    const words = search.value.trim().toLowerCase();
    const fits = ({ name }) => name.toLowerCase().includes(words);
    const groups = [{ label: "Conversations", items: places().filter(fits) }, { label: "Be somebody else", items: people().filter(fits) }].filter(({ items }) => items.length);
    nothing.textContent = groups.length ? "" : "Nothing found";
    list.show(groups);
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => list.key(event));
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  search.focus();
  draw();
}

function places() {
  const rows = store.channels.filter((one) => one.id !== store.here).sort((one, other) => (unread(other) > 0) - (unread(one) > 0)).map((one) => ({
    name: title(one),
    go: () => visit(one.id),
    row: [one.kind === "im" ? avatar(store.people[one.with]) : h("span", { class: "sign", "aria-hidden": "true" }, one.kind === "group" ? icon("lock") : "#"), h("span", {}, title(one)), unread(one) > 0 && h("span", { class: "soft" }, `${unread(one)} unread`)].filter(Boolean),
  }));
  const home = store.channels.find(isAppTalk);
  const name = `${store.app.name} Home`;
  const mail = store.mails && store.here !== MAIL ? [{ name: "Mail", go: () => visit(MAIL), row: [h("span", { class: "sign", "aria-hidden": "true" }, icon("mail")), h("span", {}, "Mail")] }] : [];
  return [...rows, ...mail, ...(home ? [{ name, go: () => visit(home.id, { tab: "home" }), row: [avatar(store.people[store.app.id]), h("span", {}, name)] }] : [])];
}

function people() {
  return Object.values(store.people).filter((person) => person.playable && person.id !== store.me).map((person) => ({
    name: person.real_name,
    go: () => location.assign(`?as=${person.id}&in=${store.here}`),
    row: [avatar(person), h("span", {}, person.real_name), h("span", { class: "soft" }, person.title)],
  }));
}
