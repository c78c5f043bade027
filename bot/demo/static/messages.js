// A list of messages: rows, day lines, the menu of each message, editing in place. Used by channels, DMs and threads.

import { act, fileUrl } from "./api.js";
import { h, icon, iconButton, reconcile } from "./dom.js";
import { openPicker, reactionRow } from "./emoji_picker.js";
import { decode, mrkdwn } from "./mrkdwn.js";
import { askConfirm, openMenu } from "./pickers.js";
import { renderBlock } from "./render_blocks.js";
import { isYou, state, userName } from "./state.js";
import { enlarge, makeSurface } from "./surface.js";
import { ago, clockText, dayText, shortDay } from "./times.js";
import { attempt, tellReply } from "./toast.js";
import { asSent, asTyped } from "./typed.js";

const GROUP_SECONDS = 300;
let openThread = () => {};
export function onOpenThread(callback) {
  openThread = callback;
}

export function avatar(id, name) {
  const bot = state.bot && (id === state.bot.id);
  const initials = bot ? "B" : name.split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  const hue = [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7);
  const node = h("span", { class: bot ? "avatar avatar-bot" : "avatar", "aria-hidden": "true" }, initials);
  node.style.setProperty("--hue", hue);
  return node;
}

/** Draws messages into `holder`. `where` = {channel, thread: ts|null}. */
export function showMessages(holder, messages, where) {
  reconcile(holder, rowsOf(messages, where), (row) => row.key, (row) => build(row, where));
  const rows = [...holder.querySelectorAll(":scope > .message")];
  if (!rows.some((row) => row.tabIndex === 0) && rows.length) roam(rows[rows.length - 1]);
}

function rowsOf(messages, where) {
  const rows = [];
  let before = null;
  const today = shortDay(state.clock.epoch); // "yesterday" is another word tomorrow
  messages.forEach((message) => {
    const day = dayText(message.ts);
    if (!where.thread && (!before || dayText(before.ts) !== day)) rows.push({ key: `day-${day}`, day });
    if (where.newFrom && before && Number(before.ts) <= where.newFrom && Number(message.ts) > where.newFrom) rows.push({ key: "new", fresh: true });
    const close = before && before.author === message.author && message.ts - before.ts < GROUP_SECONDS;
    const apart = message.ephemeral || before?.ephemeral || message.broadcast || message.blocks?.length || before?.ts === where.thread;
    const compact = Boolean(close && dayText(before.ts) === day && !apart);
    rows.push({ key: message.ts, message, compact, you: state.you, today });
    if (where.thread === message.ts && messages.length > 1) rows.push({ key: "count", count: messages.length - 1 });
    before = message;
  });
  return rows;
}

function build(row, where) {
  if (row.day) return h("div", { class: "day", role: "separator", "aria-label": row.day }, h("span", {}, row.day));
  if (row.fresh) return h("div", { class: "new-line", role: "separator" }, h("span", {}, "New"));
  if (row.count) return h("div", { class: "day count" }, h("span", {}, `${row.count} ${row.count === 1 ? "reply" : "replies"}`));
  return messageRow(row.message, row.compact, where);
}

function messageRow(message, compact, where) {
  const name = userName(message.author);
  const head = h("div", { class: "message-head" }, h("span", { class: "name" }, name), isBot(message) ? h("span", { class: "app-tag" }, "APP") : null,
    h("time", { class: "when", title: `${dayText(message.ts)}, ${clockText(message.ts)}` }, clockText(message.ts)));
  const node = h("article", {
    class: `message${compact ? " compact" : ""}${message.ephemeral ? " ephemeral" : ""}`, tabindex: "-1", data: { ts: message.ts, focus: `row/${message.ts}` },
    "aria-label": `${name}, ${dayText(message.ts)} ${clockText(message.ts)}`,
  },
    compact ? h("time", { class: "gutter-time", "aria-hidden": "true" }, clockText(message.ts)) : avatar(message.author, name),
    h("div", { class: "message-main" },
      message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      message.broadcast ? h("div", { class: "only-you" }, icon("reply"), h("button", { type: "button", class: "link", onclick: () => openThread(where.channel, message.thread_ts) }, "replied to a thread")) : null,
      compact ? null : head, body(message, where), files(message), reactionRow(where.channel, message), replies(message, where)),
    toolbar(message, where));
  node.addEventListener("keydown", (event) => event.target === node && rowKey(event, node, message, where));
  node.addEventListener("focusin", () => roam(node));
  park(node);
  return node;
}

function isBot(message) {
  return message.app;
}

function body(message, where) {
  const surface = makeSurface(`${where.channel}/${message.ts}${where.thread ? "/t" : ""}`, (block, el, value) => clickMessage(message, where.channel, block, el, value));
  const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
  // What a person wrote is drawn from its text: the blocks Slack adds to it only repeat it.
  if (isBot(message) && message.blocks?.length) return h("div", { class: "message-body" }, message.blocks.map((block) => renderBlock(block, surface)), edited);
  const faint = ["tombstone", "channel_join", "channel_leave"].includes(message.subtype) ? " tombstone" : "";
  return message.text ? h("div", { class: `message-body mrkdwn${faint}` }, mrkdwn(message.text), edited) : null;
}

async function clickMessage(message, channel, block, el, value) {
  const args = { channel, ts: message.ts, action_id: el.action_id, block_id: block.block_id, value };
  const reply = await attempt(() => act("click", state.you, args));
  if (reply) tellReply(reply, "This action");
}

function files(message) {
  const list = message.files || [];
  if (!list.length) return null;
  return h("div", { class: "files" }, list.map((file) => {
    const url = fileUrl(state.you, file.id);
    const title = file.title || file.name || "file";
    if (!String(file.mimetype || "").startsWith("image/")) {
      return h("a", { class: "file", href: url, download: file.name || title }, icon("file"), h("span", {}, title));
    }
    const alt = file.alt_txt || title;
    return h("figure", { class: "block-image" }, h("figcaption", {}, title),
      h("button", { type: "button", class: "picture-button", "aria-label": `Enlarge: ${alt}`, onclick: () => enlarge(url, alt) }, h("img", { class: "picture", src: url, alt, loading: "lazy" })));
  }));
}

// Up to which reply each thread was read since the page was loaded.
const repliesRead = new Map();
const threadName = (channel, ts) => `${state.you}/${channel}/${ts}`;
/** The replies of a thread that lies open are not new, on its first message in the channel neither. */
export function markRepliesRead(channel, thread, newest) {
  repliesRead.set(threadName(channel, thread), Number(newest));
  document.querySelectorAll(".replies.fresh").forEach((button) => button.dataset.focus === `replies/${thread}` && button.classList.remove("fresh"));
}

function replies(message, where) {
  if (where.thread || !message.replies?.count) return null;
  const { count, latest, users } = message.replies;
  const read = Math.max(where.newFrom, repliesRead.get(threadName(where.channel, message.ts)) || 0);
  const fresh = where.newFrom && Number(latest) > read && state.you !== message.author;
  return h("button", { type: "button", class: fresh ? "replies fresh" : "replies", data: { focus: `replies/${message.ts}`, latest }, onclick: () => openThread(where.channel, message.ts) },
    h("span", { class: "faces" }, users.slice(0, 4).map((id) => avatar(id, userName(id)))),
    h("span", { class: "replies-count" }, `${count} ${count === 1 ? "reply" : "replies"}`),
    h("span", { class: "replies-last" }, `last ${ago(latest)}`));
}

function toolbar(message, where) {
  if (message.ephemeral) return null;
  const react = iconButton("smile", "Add a reaction", () => openPicker(react, where.channel, message), { "aria-haspopup": "true" });
  const more = iconButton("more", "More actions", () => openMenu(more, menuOf(message, where), "Message actions"), { "aria-haspopup": "menu" });
  const thread = where.thread ? null : iconButton("reply", "Reply in thread", () => openThread(where.channel, message.thread_ts || message.ts));
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" }, react, thread, more);
}

function menuOf(message, where) {
  const items = [];
  if (!where.thread) items.push({ text: "Reply in thread", run: () => openThread(where.channel, message.thread_ts || message.ts) });
  if (isYou(message.author)) {
    items.push({ text: "Edit message", run: () => edit(message, where) });
    items.push({ text: "Delete message", danger: true, run: () => remove(message, where) });
  }
  state.shortcuts.forEach((shortcut) => items.push({ text: `${shortcut.name} (${state.bot.name})`, run: () => runShortcut(shortcut, message, where) }));
  items.push({ text: "Copy text", run: () => navigator.clipboard?.writeText(decode(message.text || "")) });
  return items;
}

async function remove(message, where) {
  const text = "Are you sure you want to delete this message? This cannot be undone.";
  const sure = await askConfirm({ title: { text: "Delete message" }, text: { text }, confirm: { text: "Delete" }, style: "danger" });
  if (sure) await attempt(() => act("remove", state.you, { channel: where.channel, ts: message.ts }));
}

async function runShortcut(shortcut, message, where) {
  const args = { callback_id: shortcut.callback_id, channel: where.channel, ts: message.ts };
  const reply = await attempt(() => act("shortcut", state.you, args));
  if (reply) tellReply(reply, shortcut.name);
}

function edit(message, where) {
  const row = [...document.querySelectorAll(where.thread ? ".thread .message" : ".channel .message")].find((node) => node.dataset.ts === message.ts);
  const holder = row?.querySelector(".message-body");
  if (!holder || row.querySelector(".editing")) return;
  const field = h("textarea", { class: "text-field", rows: "3", "aria-label": "Edit message", value: asTyped(message.text || "") });
  const stop = () => { box.replaceWith(holder); row.focus(); };
  const save = async () => {
    const done = await attempt(() => act("edit", state.you, { channel: where.channel, ts: message.ts, text: asSent(field.value) }));
    if (done) stop();
  };
  const box = h("div", { class: "editing" }, field, h("div", { class: "editing-foot" },
    h("button", { type: "button", class: "button", onclick: stop }, "Cancel"), h("button", { type: "button", class: "button button-primary", onclick: save }, "Save")));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    save();
  });
  holder.replaceWith(box);
  field.focus();
}

// One row of a list takes part in tabbing, with all that is in it; arrows go from row to row, letters do what the toolbar does.
function roam(node) {
  if (node.tabIndex === 0) return;
  node.parentElement?.querySelectorAll(":scope > .message[tabindex='0']").forEach((row) => { row.tabIndex = -1; park(row); });
  node.tabIndex = 0;
  node.querySelectorAll("[data-parked]").forEach((one) => { one.tabIndex = 0; delete one.dataset.parked; });
}

function park(row) {
  const reached = [...row.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")].filter((one) => one.tabIndex === 0);
  reached.forEach((one) => { one.tabIndex = -1; one.dataset.parked = ""; });
}

function rowKey(event, node, message, where) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  if (step) {
    let next = node[step];
    while (next && !next.classList.contains("message")) next = next[step];
    next?.focus();
  } else if (event.key === "t" && !where.thread) openThread(where.channel, message.thread_ts || message.ts);
  else if (event.key === "r") node.querySelector(".toolbar button")?.click();
  else if (event.key === "e" && isYou(message.author)) edit(message, where);
  else return;
  event.preventDefault();
}
