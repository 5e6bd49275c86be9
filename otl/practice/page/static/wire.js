// To and from the server: changes come over a WebSocket, what one does goes by POST.

import { changed, drop, put, store, takeEverything } from "./store.js";
import { notice } from "./notices.js";

const UNREACHABLE = "The practice workspace cannot be reached. Is OTL still running?";
const person = () => new URLSearchParams(location.search).get("as");
const SHORTEST = 300;
const LONGEST = 5000;
let wait = SHORTEST;
let again = 0;

export function connect() {
  clearTimeout(again);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/practice/live?as=${encodeURIComponent(person())}`);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    store.connected = false;
    changed("connection");
    again = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST);
  });
}

// Who comes back to the page, or to the network, does not wait for the next try.
for (const moment of ["online", "focus"]) {
  addEventListener(moment, () => {
    if (store.connected || !store.team) return;
    wait = SHORTEST;
    clearTimeout(again);
    again = setTimeout(connect, 0);
  });
}

function take({ kind, data }) {
  wait = SHORTEST;
  if (kind === "everything") takeEverything(data);
  else if (kind === "message") put(data);
  else if (kind === "gone") drop(data);
  else if (kind === "mail") store.mails = [...store.mails ?? [], data];
  else store[kind] = data;
  changed(kind);
}

// Do something; trouble is told to the person. Returns the answer, or null where there was none.
export async function act(verb, body, { quietly = false } = {}) {
  try {
    const answer = await fetch(`/practice/do/${verb}?as=${encodeURIComponent(person())}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = answer.ok ? await answer.json() : { ok: false, words: await answer.text() };
    if (!said.ok && !quietly) notice(said.words);
    return said;
  } catch {
    if (!quietly) notice(UNREACHABLE);
    return { ok: false };
  }
}
