// The small picker for reactions, and the row of reactions under a message.

import { act } from "./api.js";
import { h, icon } from "./dom.js";
import { drawing } from "./drawn.js";
import { PICKER, emoji } from "./emoji.js";
import { openPanel } from "./pickers.js";
import { isYou, state, userName } from "./state.js";
import { attempt } from "./toast.js";

export async function toggleReaction(channel, message, name) {
  const mine = (message.reactions || []).some((one) => one.name === name && one.users.some(isYou));
  await attempt(() => act(mine ? "unreact" : "react", state.you, { channel, ts: message.ts, name }));
}

export function openPicker(anchor, channel, message) {
  let close = () => {};
  const choose = (name) => { close(); toggleReaction(channel, message, name); };
  const panel = h("div", { class: "emoji-picker", role: "group", "aria-label": "Pick a reaction" }, PICKER.map((name) =>
    h("button", { type: "button", class: "emoji-button", "aria-label": name.replaceAll("_", " "), title: `:${name}:`, onclick: () => choose(name) }, drawing(name) || emoji(name))));
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
    if (step) document.activeElement[step]?.focus();
  });
  close = openPanel(anchor, panel);
  panel.firstElementChild.focus();
}

export function reactionRow(channel, message) {
  const reactions = message.reactions || [];
  if (!reactions.length) return null;
  const chip = ({ name, users }) => {
    const who = users.map((id) => (isYou(id) ? "you" : userName(id))).join(", ");
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": users.some(isYou) ? "true" : "false", data: { focus: `react/${message.ts}/${name}`, reaction: name },
      "aria-label": `${name.replaceAll("_", " ")}, ${users.length}: ${who}`, title: `${who} reacted with :${name}:`,
      onclick: () => toggleReaction(channel, message, name),
    }, h("span", { class: "emoji" }, drawing(name) || emoji(name) || `:${name}:`), h("span", {}, String(users.length)));
  };
  const add = h("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction", onclick: () => openPicker(add, channel, message) }, icon("smile"));
  return h("div", { class: "reactions" }, reactions.map(chip), add);
}
