// How far one is, read from the messages themselves. Pure but for reading the store.

import { isRead, store } from "./store.js";

// known: {since, seen, issued, opened}, what is remembered from before.
export function progress(known) {
  const [issue, book] = store.app.guide;
  const mine = [...store.messages.values()].flat().filter((message) => message.by_app && message.ts > known.since).sort((one, other) => (one.ts < other.ts ? -1 : 1));
  const answers = mine.filter((message) => message.ephemeral && message.text.includes(issue.sign));
  const news = mine.find((message) => !message.ephemeral && message.text.includes(book.sign) && message.text.includes(`<@${store.me}>`)) ?? null;
  const issued = answers.length > 0 || known.issued || news !== null || known.seen !== "";
  const isNewsRead = news !== null && isRead(news);
  const done = [issued, news !== null || known.seen !== "", isNewsRead || known.seen !== ""];
  return {
    done,
    current: done.indexOf(false),
    issued,
    opened: known.opened,
    address: address(answers.at(-1), issue.sign),
    issuedAt: answers.length ? Number(answers[0].ts) : null,
    news: news && { ts: news.ts, channel: news.channel },
    isNewsRead,
  };
}

// The address in an answer: the link that has the sign in it.
function address(answer, sign) {
  const found = answer?.text.match(/https?:\/\/[^\s<>|]+/g) ?? [];
  const link = found.find((one) => one.includes(sign));
  return link ? new URL(link.replaceAll("&amp;", "&")).href : null;
}
