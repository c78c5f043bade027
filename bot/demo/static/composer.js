// The box to write in: for a channel, a DM or a thread. Enter sends; "/" and "@" complete.

import { act } from "./api.js";
import { fill, h, icon, newId } from "./dom.js";
import { COMMAND, slashCompletions } from "./commands.js";
import { state } from "./state.js";
import { attempt, tellReply, toast } from "./toast.js";
import { asSent } from "./typed.js";

const MOST_BYTES = 20_000_000;

/** `where()` = {channel, thread, name}; `alsoToChannel` adds the checkbox of threads; `onSent()` when something was said. */
export function makeComposer({ label, where, alsoToChannel = false, onSent }) {
  const listId = newId("completions");
  const list = h("div", { class: "completions", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const field = h("textarea", {
    class: "composer-field", rows: "1", "aria-label": label, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
  });
  const broadcast = h("input", { type: "checkbox" });
  const also = alsoToChannel ? h("label", { class: "also" }, broadcast, h("span", { class: "also-text" })) : null;
  const send = h("button", { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", onclick: () => submit() }, icon("send"));
  const upload = h("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => attach(upload.files) });
  const plus = h("button", { type: "button", class: "attach", "aria-label": "Attach a file", title: "Attach a file", onclick: () => upload.click() }, icon("attach"));
  const chip = h("div", { class: "attached", hidden: true });
  const node = h("div", { class: "composer" }, list, chip, h("div", { class: "composer-box" }, plus, field, send), upload,
    h("div", { class: "composer-foot" }, also, h("span", { class: "composer-help" }, h("b", {}, "Enter"), " sends, ", h("b", {}, "Shift+Enter"), " new line, ", h("b", {}, "/"), " commands, ", h("b", {}, "@"), " people")));

  let rows = [];
  let at = 0;
  let file = null;
  let key = null;

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    send.disabled = !field.value.trim() && !file;
  }
  function remember() {
    if (key) state.drafts.set(key, field.value);
  }
  /** Shows the draft of the place one is in now; the same place again changes nothing. */
  function load() {
    const { channel, thread, name } = where();
    const next = `${state.you}/${channel}/${thread || ""}`;
    field.placeholder = thread ? "Reply..." : `Message ${name}`;
    const text = node.querySelector(".also-text");
    if (text) text.textContent = `Also send to ${name}`;
    if (next === key) return;
    key = next;
    field.value = state.drafts.get(key) || "";
    if (broadcast) broadcast.checked = false;
    hide();
    show(null); // a file was meant for the place where it was attached
  }
  function hide() {
    rows = [];
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function complete() {
    const before = field.value.slice(0, field.selectionStart);
    rows = before.startsWith("/") ? slashCompletions(before, state.commands) : peopleCompletions(before);
    at = 0;
    if (!rows.length) return hide();
    fill(list, rows.map((row, index) => h("div", { class: "completion", role: "option", id: `${listId}-${index}`, onmousedown: (event) => { event.preventDefault(); accept(index); } },
      h("b", {}, row.title), row.usage ? h("code", {}, row.usage) : null, h("span", {}, row.hint))));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    return mark();
  }
  function mark() {
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    field.setAttribute("aria-activedescendant", `${listId}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function accept(index) {
    const row = rows[index];
    const [before, after] = [field.value.slice(0, field.selectionStart), field.value.slice(field.selectionStart)];
    const kept = row.from === undefined ? "" : before.slice(0, row.from);
    field.value = `${kept}${row.insert} ${after.replace(/^\s/, "")}`;
    const caret = kept.length + row.insert.length + 1;
    field.setSelectionRange(caret, caret);
    hide();
    remember();
    grow();
    if (row.from === undefined) complete();
  }
  function onKey(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (rows.length && event.key in steps) {
      at = (at + steps[event.key] + rows.length) % rows.length;
      mark();
    } else if (rows.length && event.key === "Tab" && !event.shiftKey) accept(at);
    else if (rows.length && event.key === "Escape") hide();
    else if (event.key === "Enter" && !event.shiftKey) {
      if (rows.length && rows[at].insert !== field.value.trim()) accept(at);
      else submit();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  /** One file, chosen, dropped or pasted: it goes with what is sent next. */
  async function attach([picked, ...others]) {
    upload.value = "";
    if (!picked) return;
    if (others.length) toast(`One file at a time: ${picked.name} is attached.`);
    if (picked.size > MOST_BYTES) return toast(`${picked.name} is larger than 20 MB.`);
    const bytes = new Uint8Array(await picked.arrayBuffer());
    let binary = "";
    for (let from = 0; from < bytes.length; from += 8192) binary += String.fromCharCode(...bytes.subarray(from, from + 8192));
    show({ name: picked.name, base64: btoa(binary) });
    return field.focus();
  }
  function show(next) {
    file = next;
    chip.hidden = !file;
    fill(chip, file ? [icon("file"), file.name, h("button", { type: "button", class: "link", onclick: () => { show(null); field.focus(); } }, "Remove")] : null);
    grow();
  }
  async function submit() {
    const text = field.value.replace(/^\n+|\s+$/g, "");
    if (!text && !file) return;
    const { channel, thread } = where();
    const [sentFile, sentKey] = [file, key];
    hide();
    field.value = "";
    remember();
    show(null);
    field.focus();
    node.setAttribute("aria-busy", "true");
    const done = /^\/\w/.test(text) && !sentFile
      ? await command(channel, thread, text)
      : await attempt(() => act("say", state.you, { channel, text: asSent(text), thread_ts: thread, broadcast: Boolean(thread && broadcast.checked), file: sentFile }));
    node.removeAttribute("aria-busy");
    if (done === undefined && sentKey === key && !field.value) {
      field.value = text; // nothing typed is ever lost
      remember();
      show(sentFile);
    } else if (done !== undefined) {
      broadcast.checked = false;
      onSent?.();
    }
  }

  field.addEventListener("input", () => { grow(); remember(); complete(); });
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", hide);
  field.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); attach(event.clipboardData.files); } });
  return { node, load, attach, focus: () => field.focus(), set: (text) => { field.value = text; field.focus(); grow(); remember(); complete(); } };
}

async function command(channel, thread, text) {
  const [name] = text.split(/\s/, 1);
  if (name !== COMMAND) {
    toast(`${name} is not a valid command. Here there is only ${COMMAND}.`);
    return undefined;
  }
  const reply = await attempt(() => act("command", state.you, { channel, text: asSent(text.slice(name.length).trim()), thread_ts: thread }));
  if (!reply) return undefined;
  return tellReply(reply, `${COMMAND}`) && thread ? undefined : reply;
}

function peopleCompletions(before) {
  const match = /(^|[\s(])@([\p{L}\p{N}_.-]*)$/u.exec(before);
  if (!match) return [];
  const sought = match[2].toLowerCase();
  return [...state.users.values()].filter((user) => !user.hidden && user.id !== state.you)
    .filter((user) => [user.handle, ...user.name.split(/\s+/)].some((word) => word.toLowerCase().startsWith(sought)))
    .sort((a, b) => Number(a.bot) - Number(b.bot))
    .map((user) => ({ insert: `@${user.name}`, title: user.name, usage: "", hint: user.role || (user.bot ? "app" : ""), from: before.length - match[2].length - 1 }));
}
