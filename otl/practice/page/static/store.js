// What the page knows, and who wants to hear when it changes.

const listeners = new Set();

export const MAIL = "mail"; // a place beside the channels, where there is mail

export const store = {
  me: null, team: "", people: {}, app: null, channels: [], messages: new Map(), modal: null, home: null, mails: null,
  here: null, tab: "messages", mail: null, thread: null, read: {}, newFrom: null, connected: false,
};

export function listen(listener) {
  listeners.add(listener);
}

export function changed(what) {
  for (const listener of listeners) listener(what);
}

// What texts need to know of the world in order to show mentions and times.
export const world = {
  get people() {
    return store.people;
  },
  get zone() {
    return me()?.tz ?? "UTC";
  },
  channelName: (id) => store.channels.find((channel) => channel.id === id)?.name,
};

export function me() {
  return store.people[store.me];
}

export function channel(id) {
  return store.channels.find((one) => one.id === id);
}

export function isPlace(id) {
  return id === MAIL ? store.mails !== null : channel(id) !== undefined;
}

export function isAppTalk(one) {
  return one?.id === store.app?.talk;
}

export function title(one) {
  if (one.kind !== "im") return one.name;
  return store.people[one.with]?.real_name ?? one.with;
}

export function messagesIn(id) {
  return store.messages.get(id) ?? [];
}

export function isReply(message) {
  return message.thread_ts && message.thread_ts !== message.ts && !message.broadcast;
}

export function repliesTo(message) {
  return messagesIn(message.channel).filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
}

// Whether it has been in view.
export function isRead(message) {
  return message.ts <= (store.read[message.channel] ?? "");
}

export function unread(one) {
  return messagesIn(one.id).filter((message) => !isRead(message) && message.user !== store.me && !isReply(message)).length;
}

export function unreadMails() {
  return (store.mails ?? []).filter((mail) => mail.ts > (store.read[MAIL] ?? "")).length;
}

export function markRead(id) {
  const last = (id === MAIL ? store.mails : messagesIn(id)).at(-1)?.ts; // a thread's replies too: its button shows that they came
  if (!last || last <= (store.read[id] ?? "")) return;
  store.read = { ...store.read, [id]: last };
  sessionStorage.setItem(`read ${store.me}`, JSON.stringify(store.read));
  changed("unread");
}

// From which message on a conversation is new to the one who comes to it; a line is drawn there.
export function markNew(id) {
  if (!store.read[id]) return; // to a newcomer everything is new
  const first = messagesIn(id).find((message) => !isRead(message) && message.user !== store.me && !isReply(message));
  if (first) store.newFrom = first.ts;
}

export function takeEverything(data) {
  Object.assign(store, { ...data, messages: new Map(), connected: true });
  store.read = JSON.parse(sessionStorage.getItem(`read ${store.me}`) ?? "{}");
  for (const message of data.messages) put(message);
}

export function put(message) {
  const kept = messagesIn(message.channel);
  const place = kept.findIndex((one) => one.ts === message.ts);
  if (place < 0) kept.push(message);
  else kept[place] = message;
  store.messages.set(message.channel, kept);
}

export function drop({ channel: id, ts }) {
  store.messages.set(id, messagesIn(id).filter((one) => one.ts !== ts));
}
