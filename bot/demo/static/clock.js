// The clock bar: what time it is for the team, and the buttons that move it.

import { advance } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { state } from "./state.js";
import { clockText, fullDay, shortDay, shortDayTime } from "./times.js";
import { attempt, toast } from "./toast.js";


/** Takes the clock as the server told it: {epoch, busy, next: {label, epoch} | null, monday, tomorrow}. */
export function setClock(clock) {
  state.clock = clock;
}

let drawn = "";
export function showClock(holder) {
  const { busy, next, monday, tomorrow } = state.clock;
  const print = JSON.stringify([state.clock, state.zone]);
  if (print === drawn) return;
  drawn = print;
  const focused = holder.contains(document.activeElement) ? document.activeElement.dataset.how : null;
  fill(holder,
    h("div", { class: "now" }, icon("clock"), nowText(), h("span", { class: "zone" }, state.zone)),
    h("div", { class: "clock-buttons", role: "group", "aria-label": "Move the clock" },
      mover("next", "Next event", next ? `${shortDayTime(next.epoch)} ${next.label}` : "nothing planned", !next),
      mover("day", "+1 day", `to ${shortDayTime(tomorrow)}`),
      mover("monday", "Next Monday", shortDay(monday))),
    h("div", { class: "busy", role: "status" }, busy ? [h("span", { class: "spinner" }), h("span", {}, "Bets is working...")] : null));
  holder.toggleAttribute("data-busy", Boolean(busy));
  if (focused) holder.querySelector(`[data-how="${focused}"]`)?.focus();
}

function nowText() {
  const { epoch } = state.clock;
  return h("time", { class: "now-time", id: "now", "aria-label": "Time in the workspace" }, h("b", {}, clockText(epoch)), " ", fullDay(epoch));
}

function mover(how, label, note, disabled = false) {
  return h("button", {
    type: "button", class: "mover", data: { how }, title: `${label}: ${note}`, "aria-disabled": disabled || state.clock.busy ? "true" : null,
    onclick: () => !disabled && move(how),
  }, h("span", { class: "mover-label" }, icon("skip"), label), h("span", { class: "mover-note" }, note));
}

let redraw = () => {};
export function startClock(holder, onMoved) {
  redraw = () => showClock(holder);
  moved = onMoved;
}

let moved = () => {};
let told = null;
export async function move(how) {
  if (state.clock.busy) return;
  told?.remove(); // it says of an earlier time what time it is
  state.clock.busy = true;
  redraw();
  const moving = await attempt(() => advance(state.you, how));
  if (moving) {
    const { note, ...clock } = moving;
    setClock(clock);
    if (note) told = toast(note, "note"); // nothing came, so nothing else says that the event is over
  }
  else state.clock.busy = false;
  redraw();
  moved();
}
