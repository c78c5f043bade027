// Keeps a list of messages where the reader left it: at the bottom when they were there, else where it was.

import { h } from "./dom.js";

const NEAR = 80;

export function makeScroller(node) {
  let stuck = true;
  let before = 0;
  const down = h("button", { type: "button", class: "to-bottom", hidden: true, onclick: () => toBottom() }, "New messages");
  node.style.overflowAnchor = "none"; // kept here by hand, the same in every browser
  const atBottom = () => node.scrollHeight - node.scrollTop - node.clientHeight < NEAR;
  // Only going up leaves the end: a picture that loads makes the list longer, which is nobody's wish to stay above.
  node.addEventListener("scroll", () => {
    if (atBottom()) stuck = true;
    else if (node.scrollTop < before - 1) stuck = false;
    before = node.scrollTop;
    if (stuck) down.hidden = true;
  }, { passive: true });
  function firstSeen() {
    const edge = node.getBoundingClientRect().top;
    const row = [...node.querySelectorAll(".message[data-ts]")].find((one) => one.getBoundingClientRect().bottom > edge);
    return row ? { ts: row.dataset.ts, top: row.getBoundingClientRect().top } : null;
  }
  function toBottom() {
    node.scrollTop = node.scrollHeight;
    stuck = true;
    down.hidden = true;
  }
  // Pictures and menus change heights after the rows are drawn.
  new ResizeObserver(() => stuck && toBottom()).observe(node.firstElementChild);
  new ResizeObserver(() => stuck && toBottom()).observe(node);
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
        const now = seen && [...node.querySelectorAll("[data-ts]")].find((row) => row.dataset.ts === seen.ts);
        if (now) node.scrollTop += now.getBoundingClientRect().top - seen.top;
        down.hidden = !hasNew() && down.hidden;
      }
    },
    show(row) {
      stuck = false;
      row.scrollIntoView({ block: "center" });
    },
  };
}
