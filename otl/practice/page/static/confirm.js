// The question before something that cannot be undone.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { world } from "./store.js";

// Ask; resolves to true if the person said yes.
export function confirmed(question) {
  return new Promise((resolve) => {
    const yes = h("button", { class: question.style === "danger" ? "button danger solid" : "button primary", value: "yes" }, textObject(question.confirm, world));
    const no = h("button", { class: "button", value: "no" }, textObject(question.deny, world));
    const box = h("dialog", { class: "modal small", "aria-labelledby": "question" },
      h("form", { method: "dialog", class: "modal-form" },
        h("header", {}, h("h2", { id: "question" }, textObject(question.title, world))),
        h("div", { class: "modal-body" }, h("p", {}, textObject(question.text, world))),
        h("footer", {}, no, yes)));
    box.addEventListener("close", () => {
      resolve(box.returnValue === "yes");
      box.remove();
    });
    document.body.append(box);
    box.showModal();
    no.focus();
  });
}
