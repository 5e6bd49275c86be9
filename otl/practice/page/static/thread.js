// The thread at the side: one message and what was said under it.

import { composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { MessageList } from "./messages.js";
import { act } from "./wire.js";
import { changed, messagesIn, repliesTo, store } from "./store.js";

let list = null;
let drawn = null;

export function closeThread() {
  const opener = `[data-key="thread ${store.thread}"], [data-key="reply ${store.thread}"]`;
  store.thread = null;
  changed("thread");
  document.querySelector(opener)?.focus();
}

export function drawThread() {
  const side = document.getElementById("thread");
  const root = messagesIn(store.here).find((message) => message.ts === store.thread);
  side.hidden = !root;
  document.body.classList.toggle("thread-open", Boolean(root));
  if (!root) {
    drawn = null;
    side.replaceChildren();
    return;
  }
  if (drawn !== root.ts) {
    drawn = root.ts;
    list = new MessageList(h("div", { class: "messages", role: "log", "aria-label": "Thread", tabIndex: 0 }));
    side.replaceChildren(head(), list.element, foot(root));
    side.querySelector("textarea").focus();
  }
  list.draw([root, ...repliesTo(root)]);
}

function head() {
  return h("header", { class: "room-head" }, h("h2", {}, "Thread"),
    h("button", { class: "icon-button", "aria-label": "Close thread", on: { click: closeThread } }, icon("close")));
}

function foot(root) {
  return composer({
    label: "Reply",
    inThread: true,
    send: (text) => act("type", { channel: root.channel, text, thread_ts: root.ts }),
  });
}
