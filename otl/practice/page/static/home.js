// The App Home: what the app has published for this person.

import { renderBlocks } from "./blocks.js";
import { h, keepingFocus } from "./dom.js";
import { act } from "./wire.js";
import { store } from "./store.js";

let drawn = null;

export function drawHome(place) {
  const key = store.home ? `${store.home.id} ${store.home.hash}` : "none";
  if (key === drawn && place.childNodes.length) return;
  drawn = key;
  if (!store.home) {
    place.replaceChildren(h("p", { class: "welcome" }, `${store.app.name} has put nothing here yet.`));
    return;
  }
  const view = store.home.id;
  const blocks = renderBlocks(store.home.blocks, {
    press: (block, element, given) => act("press", { view, block_id: block.block_id, action_id: element.action_id, given }),
    suggest: (element, query) => act("suggest", { view, action_id: element.action_id, query }),
  });
  keepingFocus(place, () => place.replaceChildren(blocks));
}
