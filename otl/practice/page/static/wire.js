// To and from the server: changes come over a WebSocket, what one does goes by POST.

import { changed, drop, put, store, takeEverything } from "./store.js";
import { notice } from "./notices.js";

const person = () => new URLSearchParams(location.search).get("as");
let wait = 300;

export function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/practice/live?as=${encodeURIComponent(person())}`);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    store.connected = false;
    changed("connection");
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, 5000);
  });
}

function take({ kind, data }) {
  wait = 300;
  if (kind === "everything") takeEverything(data);
  else if (kind === "message") put(data);
  else if (kind === "gone") drop(data);
  else store[kind] = data;
  changed(kind);
}

// Do something; trouble is told to the person. Returns the answer, or null where there was none.
export async function act(verb, asked) {
  try {
    const answer = await fetch(`/practice/do/${verb}?as=${encodeURIComponent(person())}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
    const said = answer.ok ? await answer.json() : { ok: false, words: await answer.text() };
    if (!said.ok) notice(said.words);
    return said;
  } catch {
    notice("The practice workspace cannot be reached. Is OTL still running?");
    return { ok: false };
  }
}
