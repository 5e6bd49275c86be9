// Where one types: Enter sends, Shift+Enter breaks the line, ↑ brings the last line back.

import { COMMAND_KEY, h, icon } from "./dom.js";
import { notice } from "./notices.js";
import { changed, store } from "./store.js";
import { suggestionsFor } from "./suggestions.js";

const NO_COMMANDS_HERE = "Slack takes no slash commands in threads. Type it in the channel.";
const IDLE = `Enter sends · Shift+Enter starts a new line · ${COMMAND_KEY} K goes elsewhere`;
const TALLEST = 200;
const SLOW_MILLISECONDS = 400;
let lastLine = "";

export function composer({ label, send, inThread = false }) {
  const field = h("textarea", { rows: 1, placeholder: label, "aria-label": label, autocomplete: "off", spellcheck: "false" });
  const button = h("button", { class: "send", "aria-label": "Send", disabled: true }, icon("send"));
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
    button.disabled = !field.value.trim();
    suggestions.refresh();
  };
  const suggestions = suggestionsFor(field, { inThread, changed: fit });
  const form = h("form", { class: "composer" }, suggestions.element, h("div", { class: "composer-box" }, field, button), h("p", { class: "answering idle", role: "status" }, inThread ? "" : IDLE));
  const submit = async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    if (inThread && text.startsWith("/")) return notice(NO_COMMANDS_HERE);
    lastLine = text;
    field.value = "";
    fit();
    await sent(form, text, send, inThread ? "" : IDLE);
  };
  field.addEventListener("input", fit);
  field.addEventListener("blur", suggestions.close);
  field.addEventListener("keydown", (event) => suggestions.key(event) || keyed(event, field, fit, form));
  form.addEventListener("submit", submit);
  return form;
}

// Put a line into the conversation's composer, ready to be sent.
export function fillComposer(line) {
  const field = document.querySelector("#room textarea");
  if (!field) return;
  field.value = line;
  field.focus();
  field.setSelectionRange(line.length, line.length);
  field.dispatchEvent(new Event("input"));
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

async function sent(form, text, send, idle) {
  const status = form.querySelector(".answering");
  const say = (words) => {
    status.textContent = words;
    status.classList.toggle("idle", words === idle);
  };
  const slow = setTimeout(() => say(text.startsWith("/") ? `${store.app.name} is answering…` : "Sending…"), SLOW_MILLISECONDS);
  const answer = await send(text);
  clearTimeout(slow);
  say(idle);
  const field = form.querySelector("textarea");
  if (!answer.ok && !field.value) {
    field.value = text; // nothing typed is lost
    field.dispatchEvent(new Event("input"));
  }
  changed("answering");
}
