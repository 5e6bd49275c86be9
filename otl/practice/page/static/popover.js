// Something that opens below what was pressed, and closes at Escape or a press elsewhere.

const GAP = 4;

// Returns a function that closes it. It stands beside its anchor, so that it works inside a modal too.
export function openBelow(anchor, content) {
  content.classList.add("popover");
  content.popover = "auto";
  anchor.after(content);
  anchor.setAttribute("aria-expanded", "true");
  content.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    content.remove();
  });
  content.addEventListener("keydown", (event) => step(event, content));
  content.showPopover();
  place(anchor, content);
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
  content.style.left = `${Math.max(8, Math.min(left, room.clientWidth - offsetWidth - 8))}px`;
  content.style.top = `${below ? bottom + GAP : top - GAP - offsetHeight}px`;
}

function step(event, content) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const stops = [...content.querySelectorAll("input, button")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  stops[(next + stops.length) % stops.length]?.focus();
}
