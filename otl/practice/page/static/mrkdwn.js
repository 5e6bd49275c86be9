// Slack's mrkdwn as nodes. Everything that is not a known mark stays text; nothing is ever parsed as HTML.

import { h } from "./dom.js";
import { capital, slackDate } from "./time.js";

const EMOJI = {
  "+1": "👍", arrow_right: "➡️", bell: "🔔", bulb: "💡", busts_in_silhouette: "👥", calendar: "📆", date: "📅",
  eyes: "👀", hourglass: "⌛", hourglass_flowing_sand: "⏳", information_source: "ℹ️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", no_entry: "⛔", point_right: "👉",
  red_circle: "🔴", sparkles: "✨", speech_balloon: "💬", spiral_calendar_pad: "🗓️", tada: "🎉", thumbsup: "👍",
  warning: "⚠️", wastebasket: "🗑️", wave: "👋", white_check_mark: "✅", white_circle: "⚪", x: "❌",
};

const MARKS = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?=\\S)(?<bold>[^\\n]*?\\S)\\*(?![\\w*])",
    "(?<![\\w_])_(?=\\S)(?<italic>[^\\n]*?\\S)_(?![\\w_])",
    "(?<![\\w~])~(?=\\S)(?<strike>[^\\n]*?\\S)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
);

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function plain(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

export function mrkdwn(text, world) {
  const whole = document.createDocumentFragment();
  text.split(/```\n?([\s\S]*?)\n?```/).forEach((part, place) => {
    if (place % 2) whole.append(h("pre", {}, unescape(part)));
    else whole.append(...paragraphs(part, world));
  });
  return whole;
}

function paragraphs(text, world) {
  const nodes = [];
  let quoted = [];
  const close = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, lines(quoted, world)));
    quoted = [];
  };
  const plainLines = [];
  const flush = () => nodes.push(...lines(plainLines.splice(0), world));
  for (const line of text.split("\n")) {
    if (line.startsWith("&gt;")) {
      flush();
      quoted.push(line.replace(/^&gt; ?/, ""));
    } else {
      close();
      plainLines.push(line);
    }
  }
  close();
  flush();
  return nodes;
}

function lines(texts, world) {
  return texts.flatMap((line, place) => (place ? [h("br"), ...inline(line, world)] : inline(line, world)));
}

function inline(text, world) {
  const nodes = [];
  let rest = text;
  for (let found = MARKS.exec(rest); found; found = MARKS.exec(rest)) {
    const isFirst = !nodes.length && !found.index;
    nodes.push(unescape(rest.slice(0, found.index)), marked(found, { ...world, isFirst }));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, unescape(rest)].filter((node) => node !== "");
}

function marked(found, world) {
  const { code, angle, bold, italic, strike, emoji } = found.groups;
  if (code !== undefined) return h("code", {}, unescape(code));
  if (angle !== undefined) return reference(angle, found[0], world);
  if (bold !== undefined) return h("strong", {}, inline(bold, world));
  if (italic !== undefined) return h("em", {}, inline(italic, world));
  if (strike !== undefined) return h("s", {}, inline(strike, world));
  return EMOJI[emoji] ?? found[0];
}

function reference(inside, whole, world) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1));
  if (/^@[UW]/.test(target)) return mention("@", world.people[target.slice(1)]?.real_name ?? label ?? target.slice(1));
  if (/^#C/.test(target)) return mention("#", world.channelName(target.slice(1)) ?? label ?? target.slice(1));
  if (/^!(here|channel|everyone)$/.test(target)) return mention("@", target.slice(1));
  if (target.startsWith("!date^")) return date(target, label, world);
  if (/^(https?:\/\/|mailto:)/i.test(target)) return anchor(unescape(target), label);
  return unescape(whole);
}

function mention(sign, name) {
  return h("span", { class: "mention" }, sign + name);
}

function date(target, label, world) {
  const [, seconds, pattern, link] = target.split("^");
  if (!/^\d+$/.test(seconds) || !pattern) return label ?? "";
  const said = slackDate(Number(seconds), unescape(pattern), world.zone);
  const words = h("time", { title: label ?? undefined }, world.isFirst ? capital(said) : said);
  return link && /^https?:\/\//i.test(link) ? anchor(unescape(link), words) : words;
}

export function anchor(url, label) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label ?? url.replace(/^mailto:/, ""));
}

// A text object of Block Kit.
export function textObject(text, world) {
  if (!text) return "";
  if (text.type === "mrkdwn") return mrkdwn(text.text, world);
  return text.emoji === false ? text.text : plain(text.text);
}
