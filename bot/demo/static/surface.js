// What a block stands on: one message, one modal or the home tab. Remembers what was typed there, over every live update.

import { fileUrl } from "./api.js";
import { h, putAway } from "./dom.js";
import { state } from "./state.js";

const typedBySurface = new Map(); // surface id -> {block_id: {action_id: value}}

/** `act(block, el, value, values)` tells the bot about a click or choice on this surface. */
export function makeSurface(id, act) {
  if (!typedBySurface.has(id)) typedBySurface.set(id, {});
  const values = typedBySurface.get(id);
  const begun = {}; // what stood in each field before anybody typed
  const put = (into, block, el, value) => {
    (into[block.block_id] ||= {})[el.action_id] = value === "" ? null : value;
  };
  const isChanged = (block, action) => JSON.stringify(values[block][action]) !== JSON.stringify(begun[block]?.[action]);
  return {
    id,
    files: (file) => fileUrl(state.you, file),
    enlarge,
    act: (block, el, value) => act(block, el, value, values),
    valueOf: (block, el) => values[block.block_id]?.[el.action_id],
    given: (block, el, value) => [values, begun].forEach((into) => put(into, block, el, value)),
    typed: (block, el, value) => put(values, block, el, value),
    isTyped: () => Object.keys(values).some((block) => Object.keys(values[block]).some((action) => isChanged(block, action))),
    values,
  };
}

/** Forgets the fields that a changed view no longer has, as Slack does. */
export function prune(surface, blocks) {
  const left = new Map(blocks.map((block) => [block.block_id, actionsOf(block)]));
  for (const [block, fields] of Object.entries(surface.values)) {
    Object.keys(fields).forEach((action) => left.get(block)?.includes(action) || delete fields[action]);
    if (!Object.keys(fields).length) delete surface.values[block];
  }
}

function actionsOf(block) {
  return [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])].filter(Boolean).map((el) => el.action_id);
}

export function forget(id) {
  typedBySurface.delete(id);
}

/** A picture at its full size; Esc or a click closes it. */
export function enlarge(source, alt) {
  const close = () => putAway(dialog);
  const dialog = h("dialog", { class: "lightbox", "aria-label": alt || "Picture", onclick: close, oncancel: close },
    h("img", { src: source, alt, onerror: (event) => event.target.replaceWith(h("a", { href: source, download: true, onclick: (click) => click.stopPropagation() }, "Download the file")) }), h("p", {}, alt), h("button", { type: "button", class: "button" }, "Close"));
  document.body.append(dialog);
  dialog.showModal();
}
