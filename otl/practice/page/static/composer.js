// Where one types: Enter sends, Shift+Enter breaks the line, ↑ brings the last line back, / offers commands.

import { h, icon } from "./dom.js";
import { notice } from "./notices.js";
import { changed, store } from "./store.js";

const NO_COMMANDS_HERE = "Slack takes no slash commands in threads. Type it in the channel.";
const IDLE = "Enter sends · Shift+Enter starts a new line · / for commands";
const TALLEST = 200;
let lastLine = "";

export function composer({ label, send, inThread = false }) {
  const field = h("textarea", { rows: 1, placeholder: label, "aria-label": label, autocomplete: "off", spellcheck: "false" });
  const offers = h("ul", { class: "offers", "aria-label": "Commands", hidden: true });
  const button = h("button", { class: "send", "aria-label": "Send", disabled: true }, icon("send"));
  const form = h("form", { class: "composer" }, offers, h("div", { class: "composer-box" }, field, button), h("p", { class: "answering idle", role: "status" }, inThread ? "" : IDLE));

  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
    button.disabled = !field.value.trim();
    offer(offers, field, inThread);
  };
  const submit = async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    if (inThread && text.startsWith("/")) return notice(NO_COMMANDS_HERE);
    lastLine = text;
    field.value = "";
    fit();
    await sent(form, text, send);
  };

  field.addEventListener("input", fit);
  field.addEventListener("blur", () => setTimeout(() => (offers.hidden = true), 150));
  field.addEventListener("keydown", (event) => keyed(event, field, fit, form));
  form.addEventListener("submit", submit);
  return form;
}

function keyed(event, field, fit, form) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "ArrowUp" && !field.value && lastLine) {
    event.preventDefault();
    field.value = lastLine;
    fit();
  }
}

async function sent(form, text, send) {
  const status = form.querySelector(".answering");
  const say = (words) => {
    status.textContent = words;
    status.classList.toggle("idle", words === IDLE);
  };
  const slow = setTimeout(() => say(text.startsWith("/") ? `${store.app.name} is answering…` : "Sending…"), 400);
  const answer = await send(text);
  clearTimeout(slow);
  say(IDLE);
  const field = form.querySelector("textarea");
  if (!answer.ok && !field.value) {
    field.value = text; // nothing typed is lost
    field.dispatchEvent(new Event("input"));
  }
  changed("answering");
}

// Under a "/" the app's commands are offered; a press puts one into the field.
function offer(offers, field, inThread) {
  const typed = field.value;
  const alreadyShown = document.querySelector("#room .hints"); // an empty channel shows them anyway
  const fitting = !inThread && !alreadyShown && typed.startsWith("/") ? store.app.hints.filter(({ line }) => line.startsWith(typed) && line !== typed) : [];
  offers.hidden = !fitting.length;
  offers.replaceChildren(...fitting.map(({ line, says }) => {
    const take = () => {
      field.value = line;
      field.dispatchEvent(new Event("input"));
      field.focus();
    };
    return h("li", {}, h("button", { type: "button", on: { click: take } }, h("code", {}, line), h("span", {}, says)));
  }));
}
