// A list of messages. A message is drawn anew only when it has changed, so that open menus stay open.

import { renderBlocks } from "./blocks.js";
import { avatar, h, icon, keepingFocus } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { act } from "./wire.js";
import { changed, repliesTo, store, world } from "./store.js";
import { clockTime, dayKey, dayName } from "./time.js";

const TOGETHER_SECONDS = 300;
const NEAR_THE_END = 80;

export class MessageList {
  constructor(element, { withThreads = false, empty = () => null } = {}) {
    this.element = element;
    this.withThreads = withThreads;
    this.empty = empty;
    this.drawn = new Map();
    this.atEnd = true;
    element.addEventListener("scroll", () => (this.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_THE_END));
    this.sizes = new ResizeObserver(() => this.stay()); // pictures and charts grow later
    this.sizes.observe(element);
  }

  // Who reads the newest message goes on doing so.
  stay() {
    if (this.atEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  // newFrom is the ts of the first message that is new to the reader, or null.
  draw(messages, { newFrom = null } = {}) {
    const nodes = messages.length ? messages.flatMap((message, place) => [message.ts === newFrom && this.newLine(), ...this.row(message, messages[place - 1], newFrom)]) : [this.empty()];
    this.forget(messages);
    keepingFocus(this.element, () => reconcile(this.element, nodes.filter(Boolean)));
    this.stay();
  }

  newLine() {
    return this.kept("day new", "", () => h("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", {}, "New")));
  }

  row(message, before, newFrom) {
    const seconds = Number(message.ts);
    const newDay = !before || dayKey(Number(before.ts), world.zone) !== dayKey(seconds, world.zone);
    const follows = !newDay && message.ts !== newFrom && before.user === message.user && before.ephemeral === message.ephemeral && seconds - Number(before.ts) < TOGETHER_SECONDS;
    const node = this.node(message, follows && !message.ephemeral);
    return newDay ? [this.divider(seconds), node] : [node];
  }

  divider(seconds) {
    const key = `day ${dayKey(seconds, world.zone)}`;
    return this.kept(key, dayName(seconds, world.zone), () =>
      h("div", { class: "day", role: "separator" }, h("span", {}, dayName(seconds, world.zone))));
  }

  node(message, follows) {
    const replies = this.withThreads ? repliesTo(message) : [];
    const sign = JSON.stringify([message, follows, replies.map((one) => one.ts)]);
    return this.kept(message.ts, sign, () => drawMessage(message, { follows, replies, withThreads: this.withThreads }));
  }

  kept(key, sign, make) {
    const known = this.drawn.get(key);
    if (known?.sign === sign) return known.node;
    const node = make();
    this.sizes.observe(node);
    this.drawn.set(key, { sign, node });
    return node;
  }

  forget(messages) {
    const present = new Set(messages.map((message) => message.ts));
    for (const key of this.drawn.keys()) if (!key.startsWith("day ") && !present.has(key)) this.drawn.delete(key);
  }
}

// Put exactly these nodes into the element, touching only what differs.
function reconcile(element, nodes) {
  nodes.forEach((node, place) => {
    const there = element.childNodes[place];
    if (there !== node) element.insertBefore(node, there ?? null);
  });
  while (element.childNodes.length > nodes.length) element.lastChild.remove();
}

function drawMessage(message, { follows, replies, withThreads }) {
  const person = store.people[message.user] ?? { id: message.user, name: "slackbot", real_name: "Slackbot", is_bot: true };
  const time = clockTime(Number(message.ts), world.zone);
  return h("article", { class: ["message", follows && "follows", message.ephemeral && "ephemeral"].filter(Boolean).join(" "), "data-ts": message.ts },
    follows ? h("span", { class: "aside-time" }, time) : avatar(person),
    h("div", { class: "message-body" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you",
        h("button", { class: "text-button", on: { click: () => dismiss(message) } }, "Dismiss")),
      !follows && h("p", { class: "by" },
        h("span", { class: "author" }, person.real_name), person.is_bot && h("span", { class: "tag" }, "App"), h("time", {}, time)),
      content(message),
      message.edited && h("span", { class: "edited" }, "(edited)"),
      replies.length > 0 && threadButton(message, replies)),
    withThreads && !message.ephemeral && tools(message));
}

function content(message) {
  if (!message.blocks.length) return h("div", { class: "text" }, mrkdwn(message.text, world));
  return renderBlocks(message.blocks, {
    press: (block, element, given) => act("press", { ...place(message), block_id: block.block_id, action_id: element.action_id, given }),
    suggest: (element, query) => act("suggest", { ...place(message), action_id: element.action_id, query }),
  });
}

function dismiss(message) {
  act("dismiss", place(message));
  document.querySelector("#room textarea")?.focus();
}

function place(message) {
  return { channel: message.channel, ts: message.ts };
}

export function openThread(message) {
  store.thread = message.ts;
  changed("thread");
}

function threadButton(message, replies) {
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h("button", { class: "thread-button", "data-key": `thread ${message.ts}`, on: { click: () => openThread(message) } },
    count, h("span", { class: "soft" }, `last at ${clockTime(Number(replies.at(-1).ts), world.zone)}`));
}

function tools(message) {
  return h("div", { class: "tools" },
    h("button", { class: "icon-button", "data-key": `reply ${message.ts}`, "aria-label": "Reply in thread", title: "Reply in thread", on: { click: () => openThread(message) } }, icon("reply")));
}
