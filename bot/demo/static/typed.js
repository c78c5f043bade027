// Between what a person types ("@Ana Ruiz") and what the workspace understands ("@ana") or keeps ("<@U1>").

import { decode } from "./mrkdwn.js";
import { state } from "./state.js";

/** Typed text with full names after "@" turned into handles; the workspace does the rest (escaping, links, entities). */
export function asSent(text) {
  const longestFirst = [...state.users.values()].sort((a, b) => b.name.length - a.name.length);
  return longestFirst.reduce((done, user) => {
    const name = user.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return done.replace(new RegExp(`(^|[\\s(])@${name}(?![\\p{L}\\p{N}_])`, "gu"), `$1@${user.handle}`);
  }, text);
}

/** Stored text as a person would type it, for editing. */
export function asTyped(text) {
  const people = text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (all, id) => (state.users.has(id) ? `@${state.users.get(id).name}` : all));
  const channels = people.replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1");
  return decode(channels.replace(/<((?:https?:|mailto:)[^|>]+)(?:\|[^>]*)?>/g, "$1"));
}
