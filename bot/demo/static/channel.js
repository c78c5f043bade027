// The middle: one channel or DM with its messages and its composer.

import { read } from "./api.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { makeComposer } from "./composer.js";
import { takeDrops } from "./dropping.js";
import { showMessages } from "./messages.js";
import { makeScroller } from "./scroller.js";
import { channelOf, markRead, readMark, state } from "./state.js";

const PAGE = 100;

export function makeChannel({ onDrawer }) {
  const head = h("header", { class: "pane-head" });
  const rows = h("div", { class: "rows", role: "log", "aria-label": "Messages", "aria-live": "polite", "aria-relevant": "additions" });
  const earlier = h("button", { type: "button", class: "link earlier", hidden: true, onclick: () => { limit += PAGE * 2; load(); } }, "Show earlier messages");
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, h("div", { class: "scroll-inner" }, earlier, rows));
  const scroller = makeScroller(scroll);
  const composer = makeComposer({
    label: "Message", where: () => ({ channel: state.place, thread: null, name: placeName() }), onSent: () => { scroller.toBottom(); },
  });
  const node = h("section", { class: "channel", "aria-label": "Channel" }, head, scroll, scroller.down, composer.node);
  takeDrops(node, composer.attach);
  let limit = PAGE;
  let shown = null;
  let newFrom = 0;
  let last = "";

  function placeName() {
    const channel = channelOf(state.place);
    return channel ? (channel.kind === "dm" ? channel.name : `#${channel.name}`) : "";
  }
  function showHead() {
    const channel = channelOf(state.place);
    const people = channel.kind === "channel" ? `${channel.members} people` : "app";
    fill(head, iconButton("menu", "Channels and people", onDrawer, { class: "icon-button drawer-button" }),
      h("h2", {}, channel.kind === "dm" ? channel.name : [icon(channel.private ? "lock" : "hash"), channel.name]), h("span", { class: "pane-note" }, people));
  }
  async function load() {
    const place = `${state.you}/${state.place}`;
    const channel = state.place;
    const fresh = place !== shown;
    if (fresh) {
      limit = PAGE;
      newFrom = readMark(channel);
      rows.setAttribute("aria-busy", "true");
    }
    const { messages, more } = await read("messages", state.you, { channel, limit });
    if (place !== `${state.you}/${state.place}`) return; // somebody moved on meanwhile
    if (fresh) {
      fill(rows);
      shown = place;
      showHead();
    }
    if (fresh && !messages.some((message) => Number(message.ts) > newFrom)) newFrom = 0; // what comes while one looks on is not "new"
    const newest = messages.length ? messages[messages.length - 1].ts : "";
    const draw = () => { showMessages(rows, messages, { channel, thread: null, newFrom }); earlier.hidden = !more; };
    const hasNew = () => newest > last;
    if (fresh) {
      draw();
      requestAnimationFrame(() => scroller.toBottom());
    } else scroller.keep(draw, hasNew);
    last = newest;
    rows.removeAttribute("aria-busy");
    composer.load();
    if (newest && document.visibilityState === "visible") markRead(channel, newest);
  }
  /** Scrolls to one message, loading more of the past when it is not on the page yet. */
  async function reveal(ts) {
    await new Promise(requestAnimationFrame); // a list that was just loaded goes to its end first
    for (let tries = 0; tries < 4; tries += 1) {
      const row = [...rows.querySelectorAll(":scope > .message")].find((one) => one.dataset.ts === ts);
      if (row) {
        scroller.show(row);
        row.classList.add("found");
        setTimeout(() => row.classList.remove("found"), 2500);
        return;
      }
      limit *= 3;
      await load();
    }
  }
  return { node, load, reveal, composer, forget: () => { shown = null; } };
}
