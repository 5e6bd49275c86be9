// Something that opens below what was pressed, and closes at Escape or a press elsewhere.

const GAP = 4;
const EDGE = 8;

// Returns a function that closes it. It stands beside its anchor, so that it works inside a modal too.
export function openBelow(anchor, content, { closed = () => {} } = {}) {
  content.classList.add("popover");
  content.popover = "auto";
  anchor.after(content);
  anchor.setAttribute("aria-expanded", "true");
  const follow = () => place(anchor, content);
  const resized = new ResizeObserver(follow);
  content.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    resized.disconnect();
    closed();
  });
  content.addEventListener("toggle", (event) => event.newState === "closed" && content.remove());
  content.addEventListener("keydown", (event) => step(event, content));
  content.showPopover();
  resized.observe(content);
  follow();
  content.querySelector("input, button")?.focus();
  return () => {
    content.hidePopover();
    anchor.focus();
  };
}

function place(anchor, content) {
  const { left, top, bottom, width } = anchor.getBoundingClientRect();
  const room = document.documentElement;
  content.style.minInlineSize = `${width}px`;
  const { offsetWidth, offsetHeight } = content;
  const below = bottom + GAP + offsetHeight < room.clientHeight || top < offsetHeight;
  const lowest = Math.max(EDGE, room.clientHeight - offsetHeight - EDGE);
  content.style.left = `${Math.max(EDGE, Math.min(left, room.clientWidth - offsetWidth - EDGE))}px`;
  content.style.top = `${below ? Math.min(bottom + GAP, lowest) : top - GAP - offsetHeight}px`;
}

// In a menu without a search the arrow keys go from press to press.
function step(event, content) {
  if (event.defaultPrevented || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  const stops = [...content.querySelectorAll("button")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  stops[(next + stops.length) % stops.length]?.focus();
}
