// The mail that the app has sent: a list, and one of them as its reader gets it.

import { h, icon } from "./dom.js";
import { visit } from "./places.js";
import { MAIL, changed, store, world } from "./store.js";
import { clockTime, dayName, zoneCity } from "./time.js";

const KINDS = { REQUEST: "Invitation", CANCEL: "Cancellation" };
const NO_SUBJECT = "(no subject)";
const NO_MAIL = "When somebody books, what the app mails to them lands here, and goes no further.";
const FAILED = "This mail cannot be read now. Is OTL still running?";
const read = new Map(); // what was fetched, by ts
let face = "html"; // or "text", "invitation"
let drawn = "";

export function drawMail(place, { anew = false } = {}) {
  if (anew) drawn = "";
  const open = store.mail ?? (matchMedia("(min-width: 64rem)").matches ? store.mails.at(-1)?.ts : null);
  place.classList.toggle("reading", Boolean(open));
  if (!place.childNodes.length) place.append(h("div", { class: "mail-list" }), h("article", { class: "mail-read", "aria-label": "Mail" }));
  const [list, reading] = place.children;
  reading.hidden = !open;
  drawList(list, open);
  if (open) drawReading(reading, open);
}

function drawList(list, open) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const rows = [...store.mails].reverse().map((mail) => row(mail, mail.ts === open));
  list.replaceChildren(rows.length ? h("ul", { "aria-label": "Mails" }, rows) : h("div", { class: "welcome" }, h("h2", {}, "No mail yet"), h("p", {}, NO_MAIL)));
  if (focused) list.querySelector(`[data-key="${focused}"]`)?.focus();
}

function row(mail, isOpen) {
  const seconds = Number(mail.ts);
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    visit(MAIL, { mail: mail.ts });
  };
  return h("li", {},
    h("a", { class: "mail-row", href: `?as=${store.me}&in=${MAIL}&mail=${mail.ts}`, "data-key": mail.ts, "aria-current": isOpen ? "true" : undefined, on: { click: go } },
      h("span", { class: "mail-to" }, mail.to.join(", ")),
      h("time", { class: "soft" }, when(seconds)),
      h("span", { class: "mail-subject" }, mail.subject || NO_SUBJECT)));
}

function when(seconds) {
  const day = dayName(seconds, world.zone);
  return day === "Today" ? clockTime(seconds, world.zone) : `${day}, ${clockTime(seconds, world.zone)}`;
}

function drawReading(reading, ts) {
  const mail = read.get(ts);
  const sign = JSON.stringify([ts, face, store.me, Boolean(mail)]);
  if (sign === drawn) return; // a frame that is drawn anew loads anew
  drawn = sign;
  if (mail) reading.replaceChildren(...letter(mail));
  else fetchMail(ts, reading);
}

async function fetchMail(ts, reading) {
  reading.replaceChildren();
  try {
    const answer = await fetch(`/practice/mail/${ts}`);
    if (!answer.ok) throw new Error(await answer.text());
    read.set(ts, await answer.json());
    changed("mail");
  } catch (error) {
    drawn = "";
    reading.replaceChildren(h("p", { class: "welcome" }, error instanceof TypeError ? FAILED : error.message));
  }
}

function letter(mail) {
  const faces = [mail.has_html && ["html", "Message"], mail.text !== null && ["text", "Plain text"], mail.invitation && ["invitation", "Invitation"]].filter(Boolean);
  const shown = faces.some(([name]) => name === face) ? face : faces[0]?.[0];
  const tab = ([name, label]) => h("button", { class: "tab", "data-key": name, "aria-pressed": String(name === shown), on: { click: () => turnTo(name) } }, label);
  return [
    h("header", { class: "mail-head" },
      h("button", { class: "only-list", on: { click: () => visit(MAIL) } }, icon("back"), "All mail"),
      h("h2", {}, mail.subject || NO_SUBJECT),
      facts([["To", mail.to.join(", ")], ["From", mail.from], ["Answers go to", mail.reply_to], ["Attached", mail.files.join(", ")]])),
    mail.invitation && meeting(mail.invitation),
    h("div", { class: "tabs" }, faces.map(tab)),
    body(mail, shown),
  ].filter(Boolean);
}

function turnTo(name) {
  face = name;
  changed("mail");
  document.querySelector(`.mail-read [data-key="${name}"]`)?.focus();
}

function facts(rows) {
  return h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

// What a calendar makes of the mail.
function meeting(invitation) {
  const kind = invitation.method === "REQUEST" && invitation.sequence > 0 ? "Updated invitation" : KINDS[invitation.method] ?? invitation.method;
  return h("p", { class: "meeting" }, icon("calendar"),
    h("span", {}, h("strong", {}, kind), invitation.problem ? ` ${invitation.problem}` : [h("br"), `${invitation.summary}`, h("br"), span(invitation)]));
}

function span({ starts, ends }) {
  if (starts === null) return "";
  const end = ends === null ? "" : `–${clockTime(ends, world.zone)}`;
  return `${dayName(starts, world.zone)}, ${clockTime(starts, world.zone)}${end} (${zoneCity(world.zone)})`;
}

function body(mail, shown) {
  if (shown === "html") return frame(mail);
  if (shown === "text") return h("pre", { class: "mail-text", tabIndex: 0 }, mail.text);
  if (shown === "invitation") return details(mail.invitation);
  return h("p", { class: "soft" }, "There is nothing in it.");
}

// Nothing runs in the frame and nothing loads from elsewhere; it is as tall as what it shows.
function frame(mail) {
  const element = h("iframe", { class: "mail-frame", title: "The mail as it looks", sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox", src: `/practice/mail/${mail.ts}/html` });
  const grow = () => (element.style.blockSize = `${element.contentDocument?.documentElement.scrollHeight ?? 0}px`);
  element.addEventListener("load", () => {
    grow();
    new ResizeObserver(grow).observe(element.contentDocument.body);
  });
  return element;
}

function details(invitation) {
  const rows = invitation.problem ? [["Method", invitation.method]] : [
    ["Method", invitation.method], ["What", invitation.summary], ["When", span(invitation)], ["Where", invitation.location],
    ["Invited", invitation.attendees.join(", ")], ["By", invitation.organizer], ["UID", invitation.uid], ["Sequence", String(invitation.sequence)],
  ];
  return h("div", { class: "mail-invitation" }, facts(rows), h("h3", {}, "As calendars read it"), h("pre", { tabIndex: 0 }, invitation.raw));
}
