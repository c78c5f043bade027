// The right side: one thread, its replies and a box to answer in.

import { read } from "./api.js";
import { fill, h, iconButton } from "./dom.js";
import { makeComposer } from "./composer.js";
import { takeDrops } from "./dropping.js";
import { markRepliesRead, showMessages } from "./messages.js";
import { makeScroller } from "./scroller.js";
import { channelOf, markRead, state } from "./state.js";

export function makeThread({ onClose }) {
  const note = h("span", { class: "pane-note" });
  const head = h("header", { class: "pane-head" }, h("h2", {}, "Thread"), note, iconButton("close", "Close thread", onClose));
  const rows = h("div", { class: "rows", role: "log", "aria-label": "Thread", "aria-live": "polite" });
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, h("div", { class: "scroll-inner" }, rows));
  const scroller = makeScroller(scroll);
  const name = () => {
    const channel = channelOf(state.place);
    return channel?.kind === "channel" ? `#${channel.name}` : channel?.name || "";
  };
  const composer = makeComposer({
    label: "Reply in thread", alsoToChannel: true, where: () => ({ channel: state.place, thread: state.thread, name: name() }), onSent: () => scroller.toBottom(),
  });
  const node = h("aside", { class: "thread", "aria-label": "Thread", hidden: true }, head, scroll, scroller.down, composer.node);
  takeDrops(node, composer.attach);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !state.thread) return;
    // Esc closes what lies on top first.
    if (!event.target.closest?.(".editing") && !document.querySelector("dialog[open], .panel")) onClose();
  });
  let shown = null;
  let last = "";

  async function load() {
    const place = `${state.you}/${state.place}/${state.thread}`;
    node.hidden = !state.thread || !channelOf(state.place);
    if (node.hidden) {
      shown = null;
      return;
    }
    const [channel, thread] = [state.place, state.thread];
    const { messages } = await read("thread", state.you, { channel, ts: thread });
    if (place !== `${state.you}/${state.place}/${state.thread}`) return;
    if (!messages.length) {
      onClose();
      return;
    }
    const fresh = place !== shown;
    if (fresh) fill(rows);
    shown = place;
    note.textContent = name();
    const newest = messages[messages.length - 1].ts;
    const draw = () => showMessages(rows, messages, { channel, thread });
    if (fresh) {
      draw();
      requestAnimationFrame(() => scroller.toBottom());
    } else scroller.keep(draw, () => newest > last);
    last = newest;
    composer.load();
    markRead(channel, newest);
    markRepliesRead(channel, thread, newest);
  }
  return { node, load, composer };
}
