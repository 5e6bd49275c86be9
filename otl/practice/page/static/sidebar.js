// The side: the workspace, its channels, the app, and who one is.

import { COMMAND_KEY, avatar, h, icon, keepingFocus } from "./dom.js";
import { visit } from "./places.js";
import { openSwitcher } from "./switcher.js";
import { MAIL, isAppTalk, me, store, title, unread, unreadMails } from "./store.js";
import { clockTime, zoneCity } from "./time.js";

export function drawSidebar() {
  const side = document.getElementById("sidebar");
  const open = side.querySelector("details")?.open ?? false;
  const channels = store.channels.filter((one) => one.kind !== "im");
  const talks = store.channels.filter((one) => one.kind === "im");
  keepingFocus(side, () => side.replaceChildren(
    h("header", { class: "workspace" },
      h("p", { class: "workspace-name" }, store.team),
      h("p", { class: "workspace-note" }, "A stand-in for Slack, on this machine only"),
      h("button", { class: "go-to", "data-key": "go-to", on: { click: openSwitcher } }, icon("search"), "Go to…", h("kbd", { "aria-hidden": "true" }, `${COMMAND_KEY} K`))),
    h("div", { class: "places", on: { keydown: step } },
      group("Channels", channels.map(place)),
      group("Messages", talks.map(place)),
      store.mails && group("Outside", [mailPlace()])),
    identity(open),
  ));
}

// ↑ and ↓ go through the places.
function step(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [...event.currentTarget.querySelectorAll("a")];
  const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function group(name, items) {
  const id = `group-${name.toLowerCase()}`;
  return h("section", { class: "group" }, h("h2", { id }, name), h("ul", { "aria-labelledby": id }, items));
}

function place(one) {
  const sign = one.kind === "im" ? avatar(store.people[one.with]) : h("span", { class: "sign", "aria-hidden": "true" }, one.kind === "group" ? icon("lock") : "#");
  return stop(one.id, [sign, h("span", { class: "place-name" }, title(one)), isAppTalk(one) && h("span", { class: "tag" }, "App")], unread(one));
}

function mailPlace() {
  return stop(MAIL, [h("span", { class: "sign", "aria-hidden": "true" }, icon("mail")), h("span", { class: "place-name" }, "Mail")], unreadMails());
}

function stop(id, name, count) {
  const here = id === store.here;
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    visit(id);
  };
  return h("li", {},
    h("a", { href: `?as=${store.me}&in=${id}`, "data-key": id, class: count && !here ? "place unread" : "place", "aria-current": here ? "page" : undefined, on: { click: go } },
      name,
      count > 0 && !here && h("span", { class: "count" }, String(count), h("span", { class: "only-heard" }, " unread"))));
}

function identity(open) {
  const person = me();
  const others = Object.values(store.people).filter((one) => one.playable);
  return h("details", { class: "identity", open },
    h("summary", { "data-key": "me" },
      avatar(person),
      h("span", { class: "identity-words" },
        h("span", { class: "identity-label" }, "You are"),
        h("span", { class: "identity-name" }, person.real_name),
        h("span", { class: "identity-note" }, `${zoneCity(person.tz)}, ${clockTime(Date.now() / 1000, person.tz)}`)),
      icon("down")),
    h("ul", { class: "people" }, others.map(otherPerson)),
    h("p", { class: "hint" }, "In a second window you are two people at once."));
}

function otherPerson(person) {
  const mine = person.id === store.me;
  const address = `?as=${person.id}&in=${store.here}`;
  return h("li", {},
    h("a", { href: address, "data-key": person.id, "aria-current": mine ? "true" : undefined },
      avatar(person),
      h("span", {}, person.real_name, h("span", { class: "identity-note" }, `${person.title} · ${zoneCity(person.tz)}`)),
      mine && icon("check")),
    !mine && h("a", { class: "icon-button", href: address, target: "_blank", rel: "noopener", "data-key": `${person.id} window`, "aria-label": `Open a second window as ${person.real_name}`, title: "In a second window" }, icon("out")));
}
