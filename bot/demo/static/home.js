// App Home: the view that the bot published for this person.

import { act, read } from "./api.js";
import { fill, h, iconButton, reconcile } from "./dom.js";
import { clickInView } from "./modal.js";
import { renderBlock } from "./render_blocks.js";
import { state } from "./state.js";
import { makeSurface, prune } from "./surface.js";
import { attempt } from "./toast.js";

export function makeHome({ onDrawer }) {
  const head = h("header", { class: "pane-head" }, iconButton("menu", "Channels and people", onDrawer, { class: "icon-button drawer-button" }), h("h2", {}, "App Home"), h("span", { class: "pane-note" }, "only visible to you"));
  const body = h("div", { class: "home-body" });
  const node = h("section", { class: "channel home", "aria-label": "App Home", hidden: true }, head, h("div", { class: "scroll", tabindex: "-1" }, body));
  let viewId = null;

  async function load() {
    const you = state.you;
    const { view } = await read("home", you);
    if (you !== state.you || state.place !== "home") return;
    if (!view) {
      viewId = null;
      fill(body, h("p", { class: "empty" }, "Bets has not put anything here yet."));
      return;
    }
    if (viewId !== view.id) fill(body);
    viewId = view.id;
    const surface = makeSurface(view.id, (block, el, value, values) => clickInView(view.id, you, block, el, value, values));
    prune(surface, view.blocks);
    reconcile(body, view.blocks.map((block, at) => ({ block, at })), ({ block, at }) => block.block_id || `at-${at}`, ({ block }) => renderBlock(block, surface));
  }
  /** Going to the tab tells the bot, which may publish it then. */
  async function open() {
    fill(body, h("p", { class: "empty" }, "Opening..."));
    viewId = null;
    await attempt(() => act("open_home", state.you));
    await load();
  }
  return { node, load, open };
}
