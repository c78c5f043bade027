// What this tab knows: who the person is, where they are, and what they have read. One object, told to whoever listens.

const memory = {
  get(name) {
    try { return localStorage.getItem(`bets.${name}`); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem(`bets.${name}`, value); } catch { /* private window: the page works, it only forgets */ }
  },
};

// What is typed and not sent yet, by its place; a reload of this tab keeps it.
const typed = new Map();
const drafts = {
  get(place) {
    try { return typed.get(place) ?? sessionStorage.getItem(`bets.draft.${place}`); } catch { return null; }
  },
  set(place, text) {
    typed.set(place, text);
    try {
      if (text) sessionStorage.setItem(`bets.draft.${place}`, text);
      else sessionStorage.removeItem(`bets.draft.${place}`);
    } catch { /* as above */ }
  },
};

export const state = {
  you: null, // id of the person
  workspace: "",
  zone: "UTC",
  people: [], // [{id, name, role}]
  bot: null, // {id, name}
  users: new Map(), // id -> {id, name, role?, bot?}
  channels: [], // [{id, name, kind, posted: [[ts, mentionsMe]]}]
  shortcuts: [], // [{callback_id, name}]
  commands: [], // [{name, usage, hint}]: the words of /bets
  clock: null,
  place: null, // channel id, or "home"
  thread: null, // ts of the open thread's root
  drafts,
};

const listeners = new Set();
export function onState(listener) {
  listeners.add(listener);
}
export function tell(what) {
  listeners.forEach((listener) => listener(what));
}

export function userName(id) {
  return state.users.get(id)?.name || id;
}
export function channelOf(id) {
  return state.channels.find((channel) => channel.id === id) || null;
}
export function isYou(id) {
  return id === state.you;
}

/** The person, place and thread that the address asks for; the last person of this browser where it asks for none. */
export function wanted() {
  const query = new URLSearchParams(location.search);
  return { you: query.get("as") || memory.get("you"), place: query.get("at"), thread: query.get("thread") };
}

export function rememberAddress() {
  const query = new URLSearchParams({ as: state.you });
  if (state.place) query.set("at", state.place);
  if (state.thread) query.set("thread", state.thread);
  history.replaceState(null, "", `?${query}`);
  memory.set("you", state.you);
}

// Unread: a newcomer (or somebody new on this tab) has read all but the last three days, so a waiting question shows.
const FRESH_SECONDS = 3 * 86400;

function markName(channel) {
  return `read.${state.team}.${state.you}.${channel}`;
}
export function readMark(channel) {
  const now = state.clock ? state.clock.epoch : 0;
  const stored = Number(memory.get(markName(channel)) || 0);
  return stored && stored <= now + 1 ? stored : now - FRESH_SECONDS;
}
export function markRead(channel, ts) {
  if (Number(ts) > readMark(channel)) memory.set(markName(channel), String(ts));
}
export function unread(channel) {
  const mark = readMark(channel.id);
  const fresh = channel.posted.filter(([ts]) => Number(ts) > mark);
  return { count: fresh.length, loud: channel.kind === "dm" ? fresh.length : fresh.filter(([, mentions]) => mentions).length };
}

export { memory };
