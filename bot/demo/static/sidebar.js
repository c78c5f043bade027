// The left side: who you are, the channels, and what is unread.

import { fill, h, icon } from "./dom.js";
import { avatar } from "./messages.js";
import { openMenu } from "./pickers.js";
import { isYou, state, unread } from "./state.js";
import { themeButton } from "./theme_button.js";

let goTo = () => {};
let become = () => {};
export function onNavigate(navigate, person) {
  goTo = navigate;
  become = person;
}

let drawn = "";
export function showSidebar(holder) {
  const print = JSON.stringify([state.you, state.place, state.people, state.workspace, state.channels.map((channel) => [channel, unread(channel)])]);
  if (print === drawn) return;
  drawn = print;
  const focused = document.activeElement?.closest?.("[data-focus]")?.dataset.focus;
  fill(holder,
    h("div", { class: "workspace" }, h("span", { class: "workspace-mark", "aria-hidden": "true" }, [...state.workspace][0] || "B"),
      h("div", {}, h("h1", {}, state.workspace), h("p", {}, "simulated workspace")), themeButton()),
    personSwitch(),
    h("nav", { "aria-label": "Channels" },
      group("Channels", state.channels.filter((channel) => channel.kind === "channel").map(channelRow)),
      group("Apps", [...state.channels.filter((channel) => channel.kind === "dm").map(channelRow), homeRow()])));
  if (focused) [...holder.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focused)?.focus();
}

function group(title, rows) {
  return h("section", { class: "group" }, h("h2", {}, title), h("ul", {}, rows.map((row) => h("li", {}, row))));
}

function channelRow(channel) {
  const { count, loud } = channel.id === state.place ? { count: 0, loud: 0 } : unread(channel);
  const sign = channel.kind === "dm" ? avatar(state.bot.id, state.bot.name) : icon(channel.private ? "lock" : "hash");
  return h("button", {
    type: "button", class: `channel-row${count ? " unread" : ""}`, "aria-current": channel.id === state.place ? "page" : null, data: { focus: `go/${channel.id}`, channel: channel.id },
    onclick: () => goTo(channel.id),
  }, sign, h("span", { class: "channel-name" }, channel.name), loud ? h("span", { class: "badge", "aria-label": `${loud} unread` }, String(loud)) : null,
  count && !loud ? h("span", { class: "visually-hidden" }, "unread") : null);
}

function homeRow() {
  return h("button", {
    type: "button", class: "channel-row", "aria-current": state.place === "home" ? "page" : null, data: { focus: "go/home", channel: "home" }, onclick: () => goTo("home"),
  }, icon("home"), h("span", { class: "channel-name" }, "App Home"));
}

function personSwitch() {
  const you = state.people.find((person) => isYou(person.id));
  const node = h("button", {
    type: "button", class: "person", "aria-haspopup": "menu", "aria-label": `You are: ${you.name}, ${you.role}. Change person`, data: { focus: "person" },
    onclick: () => openMenu(node, state.people.map((person) => ({ text: personLine(person), run: () => become(person.id) })), "You are"),
  }, avatar(you.id, you.name), h("span", { class: "person-words" }, h("span", { class: "person-label" }, "You are:", you.role ? h("span", { class: "role" }, you.role) : null), h("span", { class: "person-name" }, you.name)), icon("down"));
  return node;
}

function personLine(person) {
  return h("span", { class: "person-line" }, avatar(person.id, person.name), h("span", {}, person.name), person.role ? h("span", { class: "role" }, person.role) : null, isYou(person.id) ? h("span", { class: "tick" }, "you") : null);
}
