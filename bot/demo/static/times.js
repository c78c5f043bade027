// Times as the team reads them: in its zone, in words.

import { state } from "./state.js";

const formats = new Map();
function show(seconds, options) {
  const key = JSON.stringify([options, state.zone]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: state.zone }));
  return formats.get(key).format(new Date(Number(seconds) * 1000));
}

export const clockText = (ts) => show(ts, { hour: "2-digit", minute: "2-digit" });
export const shortDay = (ts) => show(ts, { weekday: "short", day: "numeric", month: "short" });
export const shortDayTime = (ts) => show(ts, { weekday: "short", hour: "2-digit", minute: "2-digit" }).replace(",", "");
export const fullDay = (ts) => show(ts, { weekday: "long", day: "numeric", month: "short", year: "numeric" });
const dayKey = (ts) => show(ts, { year: "numeric", month: "2-digit", day: "2-digit" });

export function dayText(ts) {
  const now = state.clock?.epoch ?? Number(ts);
  if (dayKey(ts) === dayKey(now)) return "Today";
  if (dayKey(ts) === dayKey(now - 86400)) return "Yesterday";
  const year = dayKey(ts).slice(-4) === dayKey(now).slice(-4) ? {} : { year: "numeric" };
  return show(ts, { weekday: "long", day: "numeric", month: "long", ...year });
}

export function ago(ts) {
  const day = dayText(ts);
  if (day === "Today") return `today at ${clockText(ts)}`;
  if (day === "Yesterday") return `yesterday at ${clockText(ts)}`;
  return `${shortDay(ts)} at ${clockText(ts)}`;
}
