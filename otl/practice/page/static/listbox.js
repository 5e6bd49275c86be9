// Choosing from a list while the focus stays in a field: the combobox pattern of the ARIA guide.

import { h } from "./dom.js";

let lists = 0;

export class Listbox {
  // choose(item) is called at Enter or a press; groups are [{label, items: [{row, selected, …}]}].
  constructor(field, { label, choose, many = false }) {
    this.field = field;
    this.choose = choose;
    this.items = [];
    this.active = -1;
    lists += 1;
    this.element = h("div", { class: "options", role: "listbox", id: `list-${lists}`, "aria-label": label, "aria-multiselectable": many ? "true" : undefined });
    field.setAttribute("aria-controls", this.element.id);
    field.setAttribute("aria-autocomplete", "list");
  }

  show(groups, { active = 0 } = {}) {
    this.items = groups.flatMap((group) => group.items);
    let place = 0;
    this.element.replaceChildren(...groups.map((group, number) => this.group(group, number, () => place++)));
    this.activate(this.items.length ? Math.min(active, this.items.length - 1) : -1);
  }

  group({ label, items }, number, next) {
    const options = items.map((item) => this.option(item, next()));
    if (!label) return h("div", { role: "presentation" }, options);
    const id = `${this.element.id}-group-${number}`;
    return h("div", { role: "group", "aria-labelledby": id }, h("div", { class: "option-group", id }, label), options);
  }

  option(item, place) {
    const row = h("div", { role: "option", class: "option", id: `${this.element.id}-${place}`, "aria-selected": String(Boolean(item.selected)) }, item.row);
    row.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    row.addEventListener("click", () => this.choose(item));
    row.addEventListener("pointermove", () => this.active === place || this.activate(place));
    return row;
  }

  activate(place) {
    this.active = place;
    for (const row of this.element.querySelectorAll(".active")) row.classList.remove("active");
    const row = place < 0 ? null : document.getElementById(`${this.element.id}-${place}`);
    row?.classList.add("active");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  // Returns whether the key was for the list.
  key(event) {
    const count = this.items.length;
    if (!count || event.isComposing || event.altKey) return false;
    if (event.key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.activate((this.active - 1 + count) % count);
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.items[this.active]);
    else return false;
    event.preventDefault();
    return true;
  }
}
