// The page begins here: who one is, where one is, and which part is drawn anew at which change.

import { act, connect } from "./wire.js";
import { onVisit } from "./places.js";
import { MAIL, channel, isAppTalk, isPlace, listen, markNew, markRead, store, title, unread, unreadMails } from "./store.js";
import { drawGuide, watchLinks } from "./guide.js";
import { drawSidebar } from "./sidebar.js";
import { drawGuideButton, drawMailOfRoom, drawMessagesOfRoom, drawRoom } from "./room.js";
import { closeThread, drawThread } from "./thread.js";
import { drawModal } from "./modal.js";
import { openSwitcher } from "./switcher.js";

const address = new URL(location.href);
if (!address.searchParams.get("as")) {
  address.searchParams.set("as", sessionStorage.getItem("as") ?? "U01SAMRIVERA");
  history.replaceState(null, "", address);
}
sessionStorage.setItem("as", address.searchParams.get("as"));
store.me = address.searchParams.get("as");

function arrive() {
  const asked = new URLSearchParams(location.search);
  store.here = isPlace(asked.get("in")) ? asked.get("in") : store.channels[0]?.id;
  store.mail = asked.get("mail");
  document.getElementById("layout").hidden = false;
  markNew(store.here);
  drawAll();
}

function drawAll() {
  drawSidebar();
  drawRoom();
  drawThread();
  drawModal();
  settle();
}

function isLookedAt() {
  return document.hasFocus() && store.tab === "messages";
}

// What follows from any change: read marks, the guide, the title, the word that the line is broken.
function settle() {
  if (isLookedAt()) markRead(store.here);
  drawGuide();
  drawGuideButton();
  const count = store.channels.reduce((sum, one) => sum + unread(one), unreadMails());
  const here = channel(store.here);
  const name = here ? (here.kind === "im" ? title(here) : `#${title(here)}`) : "Mail";
  document.title = `${count ? `(${count}) ` : ""}${name} · ${store.team}`;
  document.getElementById("offline").hidden = store.connected || !store.team;
}

listen((what) => {
  if (what === "everything") return isPlace(store.here) ? drawAll() : arrive();
  if (what === "message" || what === "gone") {
    if (!isLookedAt() && channel(store.here) && unread(channel(store.here)) === 1) markNew(store.here);
    drawMessagesOfRoom();
    drawThread();
    drawSidebar();
  } else if (what === "mail") {
    drawMailOfRoom();
    drawSidebar();
  } else if (what === "modal") drawModal();
  else if (what === "thread") drawThread();
  else if (what === "unread" || what === "answering") drawSidebar();
  else if (what !== "connection" && what !== "guide") {
    drawSidebar();
    drawRoom();
  }
  if (what !== "unread") settle();
});

function go(id, { tab = "messages", mail = null, remember = true } = {}) {
  store.here = id;
  store.tab = tab;
  store.mail = mail;
  store.thread = null;
  store.newFrom = null;
  markNew(id);
  const next = new URL(location.href);
  next.searchParams.set("in", id);
  if (mail) next.searchParams.set("mail", mail);
  else next.searchParams.delete("mail");
  if (remember) history.pushState({ id }, "", next);
  document.body.classList.remove("sidebar-open");
  drawAll();
  if (isAppTalk(channel(id))) act("home", { tab }, { quietly: tab !== "home" });
}

// Alt with ↑ or ↓ goes through the conversations, Ctrl+K or ⌘K to any of them, Escape closes.
addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const places = [...store.channels.map((one) => one.id), ...(store.mails ? [MAIL] : [])];
    const next = places.indexOf(store.here) + (event.key === "ArrowDown" ? 1 : -1);
    if (places[next]) go(places[next]);
  } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openSwitcher();
  } else if (event.key === "Escape" && !document.querySelector("dialog[open], .popover")) {
    if (document.body.classList.contains("sidebar-open")) document.body.classList.remove("sidebar-open");
    else if (store.thread) closeThread();
  }
});

addEventListener("popstate", () => {
  const asked = new URLSearchParams(location.search);
  if (isPlace(asked.get("in"))) go(asked.get("in"), { mail: asked.get("mail"), remember: false });
});
document.getElementById("room").addEventListener("click", (event) => {
  if (!event.target.closest(".only-narrow")) document.body.classList.remove("sidebar-open");
});
addEventListener("focus", () => {
  settle();
  drawSidebar();
});
onVisit(go);
watchLinks();
connect();
