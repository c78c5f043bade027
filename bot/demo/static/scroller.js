// Keeps a list of messages where the reader left it: at the bottom when they were there, else where it was.

import { h } from "./dom.js";

const NEAR = 80;

export function makeScroller(node) {
  let stuck = true;
  let before = 0;
  const down = h("button", { type: "button", class: "to-bottom", hidden: true, onclick: () => toBottom() }, "New messages");
  node.style.overflowAnchor = "none"; // kept here by hand, the same in every browser
  const atBottom = () => node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
  let held = null; // what the reader sees, for when the list gets narrower or wider and its lines break anew
  let width = 0;
  // Only going up leaves the end: a picture that loads makes the list longer, which is nobody's wish to stay above.
  node.addEventListener("scroll", () => {
    if (atBottom()) stuck = true;
    else if (node.scrollTop < before - 1) stuck = false;
    before = node.scrollTop;
    if (node.clientWidth === width) held = firstSeen();
    if (stuck) down.hidden = true;
  }, { passive: true });
  function firstSeen() {
    const { top, bottom } = node.getBoundingClientRect();
    const rows = [...node.querySelectorAll(".message[data-ts]")];
    const first = rows.findIndex((one) => one.getBoundingClientRect().bottom > top);
    if (first < 0) return null;
    // The next one where it begins in sight: what is seen of the first may itself break into other lines.
    const places = rows.slice(first, first + 2).map((row) => ({ ts: row.dataset.ts, top: row.getBoundingClientRect().top }));
    return places.find((place) => place.top >= top && place.top < bottom) || places[0];
  }
  function putBack(seen) {
    const now = seen && [...node.querySelectorAll("[data-ts]")].find((row) => row.dataset.ts === seen.ts);
    if (now) node.scrollTop += now.getBoundingClientRect().top - seen.top;
  }
  function toBottom() {
    node.scrollTop = node.scrollHeight;
    stuck = true;
    down.hidden = true;
  }
  // Pictures and menus change heights after the rows are drawn.
  new ResizeObserver(() => stuck && toBottom()).observe(node.firstElementChild);
  new ResizeObserver(() => {
    if (stuck) toBottom();
    else if (node.clientWidth !== width && node.clientWidth) putBack(held);
    width = node.clientWidth || width;
  }).observe(node);
  return {
    down,
    toBottom,
    /** Runs `draw`; afterwards the reader sees what they saw before, or the newest if they were at the end. */
    keep(draw, hasNew) {
      const wasStuck = stuck;
      const seen = firstSeen();
      draw();
      if (wasStuck) toBottom();
      else {
        putBack(seen);
        down.hidden = !hasNew() && down.hidden;
      }
    },
    show(row) {
      stuck = false;
      row.scrollIntoView({ block: "center" });
    },
  };
}
