// The page begins here: who one is, where one is, and which part is drawn anew at which change.

import { connect } from "./wire.js";
import { onVisit } from "./places.js";
import { changed, channel, listen, markRead, store, title, unread } from "./store.js";
import { drawSidebar } from "./sidebar.js";
import { drawRoom, drawMessagesOfRoom } from "./room.js";
import { drawThread } from "./thread.js";
import { drawModal } from "./modal.js";

const address = new URL(location.href);
if (!address.searchParams.get("as")) {
  address.searchParams.set("as", sessionStorage.getItem("as") ?? "U01SAMRIVERA");
  history.replaceState(null, "", address);
}
sessionStorage.setItem("as", address.searchParams.get("as"));
store.me = address.searchParams.get("as");

function arrive() {
  const wanted = new URLSearchParams(location.search).get("in");
  store.here = channel(wanted) ? wanted : store.channels[0]?.id;
  document.getElementById("house").hidden = false;
  drawAll();
}

function drawAll() {
  drawSidebar();
  drawRoom();
  drawThread();
  drawModal();
  settle();
}

// What follows from any change: read marks, the title, the word that the line is broken.
function settle() {
  if (document.hasFocus() && store.tab === "messages") markRead(store.here);
  const count = store.channels.reduce((sum, one) => sum + unread(one), 0);
  const here = channel(store.here);
  const name = here ? (here.kind === "im" ? title(here) : `#${title(here)}`) : "";
  document.title = `${count ? `(${count}) ` : ""}${name} · ${store.team}`;
  document.getElementById("offline").hidden = store.connected || !store.team;
}

listen((what) => {
  if (what === "everything") return store.here && channel(store.here) ? drawAll() : arrive();
  if (what === "message" || what === "gone") {
    drawMessagesOfRoom();
    drawThread();
    drawSidebar();
  } else if (what === "modal") drawModal();
  else if (what === "thread") drawThread();
  else if (what === "unread" || what === "answering") drawSidebar();
  else if (what !== "connection") {
    drawSidebar();
    drawRoom();
  }
  settle();
});

function go(id, { tab = "messages", remember = true } = {}) {
  store.here = id;
  store.tab = tab;
  store.thread = null;
  const next = new URL(location.href);
  next.searchParams.set("in", id);
  if (remember) history.pushState({ id }, "", next);
  document.body.classList.remove("sidebar-open");
  drawAll();
}

addEventListener("popstate", () => {
  const wanted = new URLSearchParams(location.search).get("in");
  if (channel(wanted)) go(wanted, { remember: false });
});
document.getElementById("room").addEventListener("click", (event) => {
  if (!event.target.closest(".only-narrow")) document.body.classList.remove("sidebar-open");
});
addEventListener("focus", () => settle());
addEventListener("keydown", (event) => {
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const places = store.channels.map((one) => one.id);
    const next = places.indexOf(store.here) + (event.key === "ArrowDown" ? 1 : -1);
    if (places[next]) go(places[next]);
  }
  if (event.key === "Escape") {
    document.body.classList.remove("sidebar-open");
    if (store.thread && !document.querySelector("dialog[open]")) {
      store.thread = null;
      changed("thread");
    }
  }
});
onVisit(go);
connect();
