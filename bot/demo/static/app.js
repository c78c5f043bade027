// Puts the page together, and keeps it in step with the workspace.

import { act, fileUrl, listen, read } from "./api.js";
import { append, h } from "./dom.js";
import { makeChannel } from "./channel.js";
import { move, setClock, showClock, startClock } from "./clock.js";
import { makeHome } from "./home.js";
import { showHints } from "./hints.js";
import { onOpenThread } from "./messages.js";
import { closeAllViews, onViewsStale, showViews } from "./modal.js";
import { onNavigate, showSidebar } from "./sidebar.js";
import { channelOf, rememberAddress, state, wanted } from "./state.js";
import { enlarge } from "./surface.js";
import { makeThread } from "./thread.js";
import { attempt } from "./toast.js";

const CLOCK_MS = 20_000;
const WIDE = matchMedia("(min-width: 761px)"); // on a phone, focus would bring up the keyboard
const GATHER_MS = 60; // changes come in bursts; what is shown is fetched once for all of them
const root = document.getElementById("app");
const [bar, side, hints, offline] = ["clock", "sidebar", "hints", "offline"].map((id) => document.getElementById(id));
const main = document.getElementById("main");

const drawer = () => document.body.toggleAttribute("data-drawer");
const channel = makeChannel({ onDrawer: drawer });
const home = makeHome({ onDrawer: drawer });
const thread = makeThread({ onClose: () => openThread(null) });
append(main, [channel.node, home.node, thread.node]);

// What is out of date, and the one loop that brings it up to date.
const dirty = new Set();
let timer = null;
let working = false;

function stale(...what) {
  what.forEach((one) => dirty.add(one));
  if (!timer && !working) timer = setTimeout(settle, GATHER_MS);
}

const LOADERS = {
  channels: async () => takeWorkspace(await read("workspace", state.you)),
  clock: async () => { setClock(await read("clock", state.you)); showClock(bar); },
  messages: () => (state.place === "home" ? null : channel.load()),
  thread: () => thread.load(),
  views: async () => {
    const you = state.you;
    const { views } = await read("views", you);
    if (you === state.you) showViews(views);
  },
  home: () => (state.place === "home" ? home.load() : null),
};

async function settle() {
  timer = null;
  working = true;
  while (dirty.size) {
    const batch = Object.keys(LOADERS).filter((one) => dirty.has(one));
    dirty.clear();
    for (const one of batch) await attempt(LOADERS[one]);
    showSidebar(side);
  }
  working = false;
}

function takeWorkspace(workspace) {
  Object.assign(state, workspace, { users: new Map(workspace.users.map((user) => [user.id, user])) });
  setClock(workspace.clock);
  showClock(bar);
}

function onChange({ kind, channel: where }) {
  const here = !where || where === state.place;
  if (kind === "message" || kind === "reaction" || kind === "ephemeral") stale("channels", ...(here ? ["messages", "thread"] : []));
  else if (kind === "view") stale("views");
  else if (kind === "home") stale("home");
  else if (kind === "clock") stale("clock", "channels", "messages", "thread");
  else stale(...Object.keys(LOADERS));
}

let stopListening = () => {};
function connect() {
  stopListening();
  stopListening = listen(state.you, onChange, (up) => { offline.hidden = up; });
}

function show() {
  const atHome = state.place === "home";
  channel.node.hidden = atHome;
  home.node.hidden = !atHome;
  document.body.removeAttribute("data-drawer");
  root.toggleAttribute("data-thread", Boolean(state.thread));
  rememberAddress();
  showSidebar(side);
}

async function goTo(place, ts = null, inThread = null) {
  state.place = place;
  state.thread = inThread;
  show();
  if (place === "home") {
    await Promise.all([home.open(), thread.load()]);
    return;
  }
  await attempt(async () => {
    await channel.load();
    await thread.load();
    if (ts && !inThread) await channel.reveal(ts);
    else if (!inThread && WIDE.matches) channel.composer.focus();
  });
  showSidebar(side);
}

async function openThread(where, ts = null) {
  const before = state.thread;
  state.thread = where ? ts : null;
  show();
  await attempt(thread.load);
  if (ts) thread.composer.focus();
  else if (before) [...channel.node.querySelectorAll(".message")].find((row) => row.dataset.ts === before)?.focus();
}

async function become(person, place = null, inThread = null) {
  closeAllViews();
  const workspace = await attempt(() => read("workspace", person));
  if (!workspace) return;
  state.you = person;
  takeWorkspace(workspace);
  const at = place === "home" || channelOf(place) ? place : (channelOf(state.place)?.kind === "channel" && state.place) || firstPlace();
  document.title = `${state.workspace} - Bets demo`;
  channel.forget();
  connect();
  await goTo(at, null, at === place ? inThread : null);
  stale("views");
}

async function toMessageBox(event) {
  event.preventDefault();
  if (state.place === "home") await goTo(firstPlace());
  (state.thread ? thread : channel).composer.focus();
}

function firstPlace() {
  return (state.channels.find((one) => one.kind === "channel") || state.channels[0])?.id || "home";
}

function inside(event) {
  const link = event.target.closest?.("[data-goto], [data-file]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.file) enlarge(fileUrl(state.you, link.dataset.file), link.textContent);
  else goTo(link.dataset.goto, link.dataset.ts, link.dataset.thread || null);
}

/** The thread in which the last word is a question to this person; without one, one that names them, else any. */
function askingThread() {
  const calls = new Set(channelOf(state.place)?.posted.filter(([, called]) => called).map(([ts]) => ts));
  const threads = [...channel.node.querySelectorAll(".replies")].sort((one, other) => one.dataset.latest - other.dataset.latest);
  const naming = threads.filter((thread) => thread.closest(".message").querySelector(".mention-you"));
  return [threads, naming, threads.filter((thread) => calls.has(thread.dataset.latest))].findLast((some) => some.length)?.at(-1);
}

function tries() {
  return [
    ["Answer a prompt:", "reply in a bet's thread", async () => {
      await goTo(firstPlace());
      askingThread()?.click();
    }],
    ["/bets summary:", "the week at a glance", async () => { await goTo(firstPlace()); channel.composer.set("/bets summary"); }],
    ["Next Monday:", "see the bot act", () => move("monday")],
  ];
}

async function start() {
  const { people } = await read("people", "");
  const want = wanted();
  const person = people.find((one) => one.id === want.you) || people[0];
  await act("reload", person.id); // as in Slack: ephemeral messages and open forms do not outlive a reload
  onNavigate((place) => goTo(place), (id) => become(id));
  onOpenThread(openThread);
  onViewsStale(() => stale("views"));
  setInterval(() => document.visibilityState === "visible" && stale("clock"), CLOCK_MS);
  startClock(bar, () => stale("clock", "channels", "messages", "thread", "home"));
  document.addEventListener("click", inside);
  document.getElementById("skip-to-box").addEventListener("click", toMessageBox);
  document.getElementById("shade").addEventListener("click", drawer);
  await become(person.id, want.place, want.thread);
  showHints(hints, tries());
  root.removeAttribute("data-loading");
  root.append(h("span", { id: "ready", hidden: true }));
}

attempt(start);
