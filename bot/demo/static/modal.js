// Modals: the stack of views a person has open, one dialog each. Typed values live on the surface, so updates never lose them.

import { act } from "./api.js";
import { fill, h, iconButton, newId, putAway, reconcile } from "./dom.js";
import { textOf, words } from "./mrkdwn.js";
import { askConfirm } from "./pickers.js";
import { renderBlock } from "./render_blocks.js";
import { state } from "./state.js";
import { forget, makeSurface, prune } from "./surface.js";
import { attempt, tellReply, toast } from "./toast.js";

const LEAVE = {
  title: { text: "Leave this form?" }, text: { text: "What you typed in it is not sent, and would be lost." },
  confirm: { text: "Leave it" }, deny: { text: "Keep typing" }, style: "danger",
};
let closing = Promise.resolve();
const open = new Map(); // view id -> {dialog, surface, body, head, foot}
let refresh = () => {};
export function onViewsStale(callback) {
  refresh = callback;
}

/** Shows this stack of views, root first; what is no longer in it closes. */
export function showViews(stack) {
  const wanted = new Set(stack.map((view) => view.id));
  [...open.keys()].forEach((id) => wanted.has(id) || drop(id));
  stack.forEach((view) => {
    if (!open.has(view.id)) open.set(view.id, build(view));
    draw(open.get(view.id), view);
    const { dialog } = open.get(view.id);
    if (!dialog.open) {
      dialog.showModal();
      focusFirst(dialog);
    }
  });
  stack.forEach((view, at) => open.get(view.id).dialog.classList.toggle("beneath", at < stack.length - 1));
}

export function closeAllViews() {
  [...open.keys()].forEach(drop);
}

function drop(id) {
  const { dialog } = open.get(id);
  open.delete(id);
  forget(id);
  putAway(dialog);
}

function build(view) {
  const you = state.you;
  const surface = makeSurface(view.id, (block, el, value, values) => clickInView(view.id, you, block, el, value, values));
  const [head, body, foot] = [h("header", { class: "modal-head" }), h("div", { class: "modal-body" }), h("footer", { class: "modal-foot" })];
  const form = h("form", { class: "modal-form", novalidate: true }, head, body, foot);
  const dialog = h("dialog", { class: "modal", data: { view: view.id } }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(view.id, you);
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog || !event.cancelable) return;
    event.preventDefault();
    leave(view.id, you);
  });
  dialog.addEventListener("close", () => {
    if (!open.has(view.id)) return;
    dialog.showModal(); // a browser closes it all the same when Esc is pressed again and again
    leave(view.id, you);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(view.id, you);
  });
  document.body.append(dialog);
  return { dialog, surface, head, body, foot, form };
}

function draw(parts, view) {
  const { dialog, surface, head, body, foot } = parts;
  const held = dialog.contains(document.activeElement);
  const shell = JSON.stringify([view.title, view.submit, view.close]);
  parts.hasSubmit = Boolean(view.submit);
  const replaced = parts.callback !== undefined && parts.callback !== view.callback_id; // the next step is read from its top
  parts.callback = view.callback_id ?? null;
  if (parts.shell !== shell) {
    parts.shell = shell;
    const titleId = newId("title");
    dialog.setAttribute("aria-labelledby", titleId);
    fill(head, h("span", { class: "app-mark", "aria-hidden": "true" }, "B"), h("h2", { id: titleId }, textOf(view.title)),
      iconButton("close", "Close", () => leave(view.id, state.you, true)));
    fill(foot, h("button", { type: "button", class: "button", onclick: () => leave(view.id, state.you) }, words(view.close) || "Cancel"),
      view.submit ? h("button", { type: "submit", class: "button button-primary" }, textOf(view.submit)) : null);
    foot.classList.toggle("only-close", !view.submit);
  }
  prune(surface, view.blocks);
  reconcile(body, view.blocks.map((block, at) => ({ block, at })), ({ block, at }) => block.block_id || `at-${at}`, ({ block }) => renderBlock(block, surface));
  if (replaced) body.scrollTop = 0;
  const holds = dialog.contains(document.activeElement); // what was at hand may be gone
  if (holds ? replaced && foot.contains(document.activeElement) : replaced || held) focusFirst(dialog);
}

function focusFirst(dialog) {
  const fields = "[data-first], .modal-body input, .modal-body textarea, .modal-body select, .modal-body button";
  (dialog.querySelector("[data-first]") || dialog.querySelector(fields) || dialog.querySelector(".modal-foot button:last-child"))?.focus();
}

/** Cancel and Esc leave the form on top, the X the whole stack: asks first where something was typed that is not sent. */
async function leave(id, you, all = false) {
  const left = all ? [...open.values()] : [open.get(id)];
  if (!left.some((parts) => parts?.surface.isTyped()) || (await askConfirm(LEAVE))) close(id, you, all);
}

async function close(id, you, all) {
  if (all) closeAllViews();
  else if (open.has(id)) drop(id);
  closing = closing.then(() => attempt(() => act("close", you, { view_id: id, all_of_them: all }))); // top first, however quick the keys
  await closing;
  refresh();
}

async function submit(id, you) {
  const parts = open.get(id);
  if (!parts || !parts.hasSubmit || parts.busy) return;
  setBusy(parts, true);
  showErrors(parts, {});
  const reply = await attempt(() => act("submit", you, { view_id: id, state: parts.surface.values }));
  setBusy(parts, false);
  if (reply && Object.keys(reply.errors || {}).length) showErrors(parts, reply.errors);
  else if (reply) tellReply(reply, "Sending this form");
  refresh();
}

function setBusy(parts, busy) {
  parts.busy = busy;
  parts.dialog.toggleAttribute("data-busy", busy);
  const button = parts.foot.querySelector("[type=submit]");
  if (busy) button?.setAttribute("aria-busy", "true");
  else button?.removeAttribute("aria-busy");
}

function showErrors(parts, errors) {
  let first = null;
  for (const block of parts.body.children) {
    const text = errors[block.dataset.block] || "";
    const place = block.querySelector(".field-error");
    if (!place) continue;
    place.textContent = text;
    block.classList.toggle("has-error", Boolean(text));
    const field = block.querySelector("input, textarea, select, button");
    if (text) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    if (text && !first) first = field;
  }
  if (first) first.focus();
  else if (Object.keys(errors).length) toast(Object.values(errors).join(" "));
}

async function clickInView(id, you, block, el, value, values) {
  const reply = await attempt(() => act("click_view", you, { view_id: id, action_id: el.action_id, block_id: block.block_id, value, state: values }));
  if (reply) tellReply(reply, "This action");
  refresh();
}

export { clickInView };
