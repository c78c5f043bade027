// Block Kit blocks to DOM nodes, for messages, modals and the home tab alike.

import { append, h } from "./dom.js";
import { element } from "./elements.js";
import { textOf, words } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";

const LOOPBACK = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

/**
 * The surface a block stands on (one per message, modal or home tab) offers:
 *   files(id) -> url, act(block, el, value) -> promise, valueOf(block, el) -> typed value or undefined, typed(block, el, value),
 *   and `fields`, where input elements register themselves to be read at submit.
 */
export function renderBlock(block, surface) {
  const build = BLOCKS[block.type] || unknown;
  const node = build(block, surface);
  node.classList.add("block");
  if (block.block_id) node.dataset.block = block.block_id;
  return node;
}

function unknown(block) {
  const said = words(block.text || block.title || "");
  return h("div", { class: "block-unknown" }, said || `(a block of type ${block.type} that this page cannot draw)`);
}

function section(block, surface) {
  const fields = (block.fields || []).map((field) => h("div", { class: "field" }, textOf(field)));
  return h("div", { class: "block-section" },
    h("div", { class: "section-text" },
      block.text ? h("div", { class: block.text.type === "plain_text" ? "mrkdwn as-typed" : "mrkdwn" }, textOf(block.text)) : null,
      fields.length ? h("div", { class: "fields" }, fields) : null),
    block.accessory ? h("div", { class: "accessory" }, element(block, block.accessory, surface)) : null);
}

function context(block, surface) {
  return h("div", { class: "block-context" }, (block.elements || []).map((el) =>
    el.type === "image" ? element(block, el, surface) : h("span", { class: "mrkdwn" }, textOf(el))));
}

function actions(block, surface) {
  return h("div", { class: "block-actions", role: "group" }, (block.elements || []).map((el) => element(block, el, surface)));
}

/** A picture of the workspace is shown; one from elsewhere only by its words, since this page asks nobody but itself. */
export function picture(image, surface, className) {
  const source = image.slack_file?.id ? surface.files(image.slack_file.id) : pictureUrl(image.image_url || image.slack_file?.url || "", surface);
  const alt = image.alt_text || "";
  if (!source) return h("span", { class: "picture-missing" }, `[picture: ${alt}]`);
  const show = () => surface.enlarge(source, alt);
  const img = h("img", { class: className, src: source, alt, loading: "lazy", onerror: () => img.classList.add("broken") });
  return className === "picture" ? h("button", { type: "button", class: "picture-button", "aria-label": `Enlarge: ${alt}`, onclick: show }, img) : img;
}

function pictureUrl(url, surface) {
  const file = /\/files(?:-pri)?\/(?:[^?#]*[/-])?(F[A-Z0-9]+)/.exec(url);
  if (file) return surface.files(file[1]);
  if (url.startsWith("data:image/")) return url;
  return LOOPBACK.test(url) && url.startsWith(location.origin) ? url : null;
}

function image(block, surface) {
  const title = block.title ? h("figcaption", {}, textOf(block.title)) : null;
  return h("figure", { class: "block-image" }, title, picture(block, surface, "picture"));
}

function input(block, surface) {
  const control = element(block, block.element, surface);
  const labelId = `${surface.id}-${block.block_id}-label`;
  const focusable = control.matches("input,textarea,select,button,[role=group],[role=radiogroup]") ? control : control.querySelector("input,textarea,select,button");
  const errorId = `${surface.id}-${block.block_id}-error`;
  const hintId = block.hint ? `${surface.id}-${block.block_id}-hint` : null;
  focusable?.setAttribute("aria-labelledby", labelId);
  focusable?.setAttribute("aria-describedby", [hintId, errorId].filter(Boolean).join(" "));
  if (!block.optional && focusable?.matches("input,textarea,select")) focusable.setAttribute("aria-required", "true");
  if (focusable) focusable.id ||= `${surface.id}-${block.block_id}-field`;
  if (focusable?.matches("button")) focusable.setAttribute("aria-labelledby", `${labelId} ${focusable.id}`); // its name, and what is chosen
  const label = h("label", { class: "label", id: labelId }, textOf(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null);
  if (focusable) label.htmlFor = focusable.id;
  return h("div", { class: "block-input" }, label, control,
    h("div", { class: "field-error", id: errorId, role: "alert" }),
    block.hint ? h("div", { class: "hint", id: hintId }, textOf(block.hint)) : null);
}

function alertBlock(block) {
  return h("div", { class: `block-alert alert-${block.level || block.style || "default"}`, role: "note" }, textOf(block.text || block.title));
}

const BLOCKS = {
  section,
  context,
  actions,
  image,
  input,
  table,
  header: (block) => h("div", { class: "block-header", role: "heading", "aria-level": "3" }, textOf(block.text)),
  divider: () => append(h("div", { class: "block-divider" }), h("hr")),
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  alert: alertBlock,
};
