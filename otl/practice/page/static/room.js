// The middle: a conversation with its messages and composer, or the app's Home.

import { composer, fillComposer } from "./composer.js";
import { h, icon } from "./dom.js";
import { guideIsOpen, stepsDone, toggleGuide } from "./guide.js";
import { drawHome } from "./home.js";
import { drawMail } from "./mail.js";
import { MessageList } from "./messages.js";
import { act } from "./wire.js";
import { MAIL, changed, channel, isAppTalk, isReply, messagesIn, store, title } from "./store.js";

const READ_ONLY = "Sending messages to this app has been turned off. Commands work in channels.";
let list = null;
let drawn = "";

export function drawRoom() {
  const here = channel(store.here);
  const room = document.getElementById("room");
  if (store.here === MAIL) return drawMailRoom(room);
  if (!here) return;
  const key = `${store.me} ${here.id} ${store.tab} ${here.archived} ${here.topic}`;
  if (key !== drawn) {
    drawn = key;
    list = null;
    room.replaceChildren(headOf(here), ...(store.tab === "home" ? [h("div", { class: "home", id: "home" })] : conversation(here)));
    if (store.tab === "messages" && matchMedia("(min-width: 48rem)").matches) room.querySelector("textarea")?.focus();
  }
  if (store.tab === "home") drawHome(document.getElementById("home"));
  else drawMessagesOfRoom();
  drawGuideButton();
}

function drawMailRoom(room) {
  const anew = drawn !== `${store.me} ${MAIL}`;
  if (anew) {
    drawn = `${store.me} ${MAIL}`;
    list = null;
    room.replaceChildren(head([icon("mail"), "Mail"], h("p", { class: "topic" }, "What the app sends by mail. It goes no further.")), h("div", { class: "mail", id: "mail" }));
  }
  drawMail(document.getElementById("mail"), { anew });
  drawGuideButton();
}

export function drawMailOfRoom() {
  if (store.here === MAIL) drawMail(document.getElementById("mail"));
}

// The way to the guide and back, with how far one is.
export function drawGuideButton() {
  const button = document.getElementById("guide-button");
  if (!button || !store.app?.guide) return;
  const count = stepsDone();
  button.setAttribute("aria-expanded", String(guideIsOpen()));
  button.replaceChildren(icon("guide"), h("span", {}, "Guide"), h("span", { class: "soft" }, `${count}/${store.app.guide.length}`));
}

function conversation(here) {
  list = new MessageList(h("div", { class: "messages", role: "log", "aria-label": `Messages in ${title(here)}`, tabIndex: 0 }), {
    withThreads: true,
    empty: () => welcome(here),
  });
  const closed = here.archived ? "This channel is archived. Nobody can write here." : isAppTalk(here) && store.app.read_only && READ_ONLY;
  const foot = closed
    ? h("p", { class: "archived" }, closed)
    : composer({ label: `Message ${here.kind === "im" ? title(here) : `#${here.name}`}`, send: (text) => act("type", { channel: here.id, text }) });
  return [list.element, foot];
}

export function drawMessagesOfRoom() {
  list?.draw(messagesIn(store.here).filter((message) => !isReply(message)), { newFrom: store.newFrom });
}

function headOf(here) {
  const name = here.kind === "im" ? title(here) : [h("span", { class: "sign", "aria-hidden": "true" }, here.kind === "group" ? icon("lock") : "#"), here.name];
  return head(name, isAppTalk(here) ? tabs() : h("p", { class: "topic" }, here.topic));
}

function head(name, beside) {
  const openSide = () => document.body.classList.toggle("sidebar-open");
  return h("header", { class: "room-head" },
    h("button", { class: "icon-button only-narrow", "aria-label": "Conversations", on: { click: openSide } }, icon("menu")),
    h("h1", {}, name),
    beside,
    store.app.guide && h("button", { class: "guide-button", id: "guide-button", "aria-controls": "guide", on: { click: toggleGuide } }));
}

function tabs() {
  const tab = (name, label) =>
    h("button", { class: "tab", "aria-pressed": String(store.tab === name), on: { click: () => turnTo(name) } }, label);
  return h("div", { class: "tabs" }, tab("messages", "Messages"), tab("home", "Home"));
}

function turnTo(name) {
  store.tab = name;
  changed("tab");
  act("home", { tab: name }, { quietly: name !== "home" });
}

function welcome(here) {
  const heading = isAppTalk(here) ? `You and ${store.app.name}` : `This is #${here.name}`;
  const words = isAppTalk(here) ? "The app writes here when something concerns only you." : here.has_app ? "Nobody has written yet. Try one of these:" : "Nobody has written yet, and the app is not a member. Try one of these:";
  const invite = { line: `/invite @${store.app.handle}`, says: `Add ${store.app.name} to this channel` };
  const hints = here.has_app ? store.app.hints : [invite, ...store.app.hints];
  return h("div", { class: "welcome" },
    h("h2", {}, heading),
    h("p", {}, words),
    !isAppTalk(here) && !here.archived && h("ul", { class: "hints" },
      hints.map(({ line, says }) =>
        h("li", {}, h("button", { on: { click: () => fillComposer(line) } }, h("code", {}, line), h("span", {}, says))))));
}
