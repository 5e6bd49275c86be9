// The guide at the side: what to do next, and what is done. Only what really happened is ticked off.

import { h, icon } from "./dom.js";
import { fillComposer } from "./composer.js";
import { MAIL, channel, changed, messagesIn, store, title } from "./store.js";
import { visit } from "./places.js";
import { progress } from "./progress.js";

const memory = () => ({ since: "", seen: "", issued: false, opened: false, closed: false, ...JSON.parse(localStorage.getItem(`guide ${store.me}`) ?? "{}") });
let unfolded = false; // on narrow screens; the whole list is one press away
let announced = null; // how many steps are done, as far as it has been said

export function guideIsOpen() {
  return !memory().closed;
}

export function keep(what) {
  localStorage.setItem(`guide ${store.me}`, JSON.stringify({ ...memory(), ...what }));
}

export function toggleGuide() {
  keep({ closed: guideIsOpen() });
  changed("guide");
}

export function stepsDone() {
  return store.app?.guide ? progress(memory()).done.filter(Boolean).length : 0;
}

export function drawGuide() {
  const side = document.getElementById("guide");
  const known = memory();
  side.hidden = known.closed || !store.app?.guide;
  document.body.classList.toggle("guide-open", !side.hidden);
  if (!store.app?.guide) return;
  const now = remember(progress(known));
  if (side.hidden) return;
  const sign = JSON.stringify([now, unfolded, store.here, store.me]);
  if (side.dataset.sign === sign) return;
  side.dataset.sign = sign;
  side.classList.toggle("unfolded", unfolded);
  const focused = side.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  side.replaceChildren(strip(now), whole(now));
  if (focused) (side.querySelector(`[data-key="${focused}"]`) ?? side.querySelector("[data-key]"))?.focus();
}

// Keep what would otherwise be forgotten when a message is dismissed or the server starts anew.
function remember(now) {
  const known = memory();
  if (now.issued && !known.issued) keep({ issued: true });
  if (now.news && now.isNewsRead && known.seen !== now.news.ts) keep({ seen: now.news.ts });
  const after = progress(memory());
  const count = after.done.filter(Boolean).length;
  if (announced !== null && count > announced) say(`Step ${count} of ${after.done.length} is done.`);
  announced = count;
  return after;
}

function say(words) {
  document.getElementById("said").textContent = words;
}

// What a narrow screen shows: one line.
function strip(now) {
  const step = store.app.guide[now.current];
  const fold = () => {
    unfolded = !unfolded;
    changed("guide");
  };
  return h("div", { class: "guide-strip" },
    h("button", { class: "guide-fold", "data-key": "fold", "aria-expanded": String(unfolded), on: { click: fold } },
      h("span", { class: "guide-words" }, // one text: the count takes no column from the words
        h("span", { class: "guide-count" }, `${step ? now.current + 1 : now.done.length} of ${now.done.length}`), " ",
        h("span", { class: "guide-now" }, step ? step.title : "All done")),
      icon("down")),
    step && action(step, now, "strip"));
}

function whole(now) {
  const all = store.app.guide;
  const count = now.done.filter(Boolean).length;
  return h("div", { class: "guide-whole" },
    h("header", { class: "guide-head" }, h("h2", {}, "Guide"),
      h("button", { class: "icon-button", "aria-label": "Close the guide", "data-key": "close", on: { click: toggleGuide } }, icon("close"))),
    h("p", { class: "guide-lead" }, count === all.length ? finished(now) : "From a command to a booking, in under a minute."),
    h("ol", { class: "steps" }, all.map((step, place) => drawStep(step, place, now))),
    count === all.length && afterwards(now));
}

function drawStep(step, place, now) {
  const isDone = now.done[place];
  const isNow = place === now.current;
  const words = isNow && place === 1 && now.opened ? step.opened : step.says;
  const where = isNow && step.kind === "open" && store.mails && " Mail for it stays on this machine: see Mail, at the side.";
  return h("li", { class: ["step", isDone && "done", isNow && "now"].filter(Boolean).join(" "), "aria-current": isNow ? "step" : undefined },
    h("span", { class: "step-mark", "aria-hidden": "true" }, isDone ? icon("check") : String(place + 1)),
    h("div", {},
      h("h3", {}, step.title, isDone && h("span", { class: "only-heard" }, ", done")),
      h("p", { class: "soft" }, words, where),
      isNow && action(step, now, "step")));
}

// The one press of a step.
function action(step, now, place) {
  const key = `${place} ${now.current}`;
  if (step.kind === "open" && now.address) return h("a", { class: "button primary", "data-key": key, href: now.address, target: "_blank", rel: "noopener noreferrer" }, "Open the link", icon("out"));
  if (step.kind === "read") {
    const where = channel(now.news?.channel);
    return where && h("button", { class: "button primary", "data-key": key, on: { click: () => visit(where.id) } }, where.kind === "im" ? `Go to ${title(where)}` : `Go to #${where.name}`);
  }
  const line = step.line || store.app.guide[0].line;
  return h("button", { class: place === "strip" ? "button primary" : "fill", "data-key": key, on: { click: () => fill(line) } },
    place === "strip" ? "Fill in" : [h("code", {}, line), h("span", { class: "fill-word" }, "Put it into the message field")]);
}

function fill(line) {
  const canType = () => document.querySelector("#room textarea");
  if (!canType()) visit(store.channels.find((one) => one.kind !== "im" && !one.archived)?.id);
  unfolded = false;
  changed("guide");
  fillComposer(line);
}

function finished({ issuedAt, news }) {
  const seconds = issuedAt && news ? Math.round(Number(news.ts) - issuedAt) : null;
  if (seconds === null || seconds > 600) return "That was all of it.";
  return `That was all of it: from the link to its booking in ${seconds === 1 ? "1 second" : `${seconds} seconds`}.`;
}

function afterwards(now) {
  const hints = store.app.hints.filter(({ line }) => line !== store.app.guide[0].line);
  const again = () => {
    keep({ since: messagesIn(store.here).at(-1)?.ts ?? String(Date.now() / 1000), seen: "", issued: false, opened: false });
    announced = null;
    changed("guide");
  };
  return h("section", { class: "afterwards" },
    h("h3", {}, "Next, if you like"),
    now.address && h("p", {}, h("a", { href: now.address, target: "_blank", rel: "noopener noreferrer" }, "Open the same link again"), ": it worked for one booking."),
    store.mails?.length > 0 && h("p", {}, h("button", { class: "text-button", "data-key": "mail", on: { click: () => visit(MAIL) } }, "Read the mail"), " that came of it, with its invitation."),
    h("ul", { class: "tries" }, hints.map(({ line, says }) => h("li", {}, h("button", { class: "fill", on: { click: () => fill(line) } }, h("code", {}, line), h("span", { class: "fill-word" }, says))))),
    h("button", { class: "text-button", "data-key": "again", on: { click: again } }, "Start the guide again"));
}

// A link opened from anywhere on the page counts.
export function watchLinks() {
  const followed = (event) => {
    const address = event.target.closest?.("a[href]")?.href;
    if (event.type === "auxclick" && event.button !== 1) return;
    if (!address || !store.app?.guide || address !== progress(memory()).address) return;
    keep({ opened: true });
    changed("guide");
  };
  addEventListener("click", followed);
  addEventListener("auxclick", followed);
}
