// Times in the zone of the person one is. Slack's date marks: docs.slack.dev/messaging/formatting-message-text

const LOCALE = "en-GB";

function format(seconds, zone, options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }).format(new Date(seconds * 1000));
}

export function clockTime(seconds, zone) {
  return format(seconds, zone, { hour: "2-digit", minute: "2-digit" });
}

export function dayKey(seconds, zone) {
  return format(seconds, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

function nearness(seconds, zone) {
  const now = Date.now() / 1000;
  const names = [["yesterday", -86400], ["today", 0], ["tomorrow", 86400]];
  const found = names.find(([, shift]) => dayKey(now + shift, zone) === dayKey(seconds, zone));
  return found ? found[0] : null;
}

// "2026-12-03T10:00" as the clock on the wall of that zone shows it, and back.
export function wallClock(seconds, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date(seconds * 1000));
  return parts.replace(" ", "T");
}

export function fromWallClock(text, zone) {
  if (!text) return null;
  const wanted = Date.parse(`${text}Z`) / 1000;
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${wallClock(guess, zone)}Z`) / 1000;
  return guess;
}

export function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function dayName(seconds, zone) {
  return capital(nearness(seconds, zone) ?? format(seconds, zone, { weekday: "long", day: "numeric", month: "long" }));
}

export function zoneCity(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}

const SHORT = { day: "numeric", month: "short", year: "numeric" };
const MEDIUM = { day: "numeric", month: "long", year: "numeric" };
const LONG = { weekday: "long", ...MEDIUM };

const TOKENS = {
  date_num: (s, z) => format(s, z, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (s, z) => format(s, z, MEDIUM),
  date_short: (s, z) => format(s, z, SHORT),
  date_long: (s, z) => format(s, z, LONG),
  date_pretty: (s, z) => nearness(s, z) ?? format(s, z, MEDIUM),
  date_short_pretty: (s, z) => nearness(s, z) ?? format(s, z, SHORT),
  date_long_pretty: (s, z) => nearness(s, z) ?? format(s, z, LONG),
  time: clockTime,
  time_secs: (s, z) => format(s, z, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  day_divider_pretty: dayName,
  ago: (s) => ago(s),
};

function ago(seconds) {
  const minutes = Math.round((seconds - Date.now() / 1000) / 60);
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 60 * 24) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 60 / 24), "day");
}

export function slackDate(seconds, pattern, zone) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(seconds, zone) ?? whole);
}
