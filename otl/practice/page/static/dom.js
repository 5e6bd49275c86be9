// Making elements. Text is always set as text, never as HTML.

export const COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name in element && typeof value !== "string") {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  send: "M4 12h15M13 5.5 19.5 12 13 18.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M20 12a8 8 0 0 1-11.5 7.2L4 20l1-4.2A8 8 0 1 1 20 12z",
  down: "M6 9.5l6 6 6-6",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  guide: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM15.500 8.500l-2 5-5 2 2-5z",
  out: "M14 5h5v5M19 5l-8 8M10 6H5v13h13v-5",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20",
  mail: "M4 6h16v12H4zM4.500 7l7.500 6 7.500-6",
  calendar: "M5 6h14v13H5zM5 10.500h14M9 4v3.500M15 4v3.500",
  check: "M5 12.5l4.5 4.5L19 7.5",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 1 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 1 0 11 18.700l1-1",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Run `change`, which draws anew what is in the element; who was at something there is at it again.
export function keepingFocus(element, change) {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-key]")?.dataset.key;
  const mark = active?.selectionStart;
  change();
  if (!active || active.isConnected) return;
  const again = key && element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const target = again?.matches("input, textarea, button, a, summary") ? again : again?.querySelector("input, textarea, button, a");
  if (!target) return false;
  target.focus();
  if (typeof mark === "number" && target.setSelectionRange && target.type !== "email") target.setSelectionRange(mark, mark);
  return true;
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

export function avatar(person) {
  if (person.is_bot) {
    const face = h("span", { class: person.name === "slackbot" ? "avatar quiet" : "avatar app", "aria-hidden": "true" });
    face.append(icon(person.name === "slackbot" ? "reply" : "link"));
    return face;
  }
  let shade = 0;
  for (const letter of person.id) shade = (shade * 31 + letter.charCodeAt(0)) % 6;
  return h("span", { class: `avatar shade-${shade}`, "aria-hidden": "true" }, initials(person.real_name));
}
