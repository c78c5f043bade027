// Short notes at the foot of the page: a slow or failed answer, a refused act. They say what happened and go by themselves.

import { h } from "./dom.js";
import { iconButton } from "./dom.js";

const SHOWN_MS = 8000;
const holder = () => document.getElementById("toasts");

export function toast(text, kind = "warn") {
  const node = h("div", { class: `toast toast-${kind}`, role: kind === "warn" ? "alert" : "status" }, h("span", {}, text), iconButton("close", "Dismiss", () => node.remove()));
  // A modal dialog hides everything outside itself: a toast about it belongs inside.
  const dialogs = document.querySelectorAll("dialog[open]");
  const host = dialogs.length ? dialogs[dialogs.length - 1] : holder();
  host.append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
  return node;
}

/** Tells a person what Slack would tell them about an answer that was late or went wrong; false when there is nothing to tell. */
export function tellReply(reply, what) {
  if (reply.late) toast(`${what}: the app took longer than three seconds to answer (operation_timeout). Try again.`);
  else if (reply.error) toast(reply.error.includes(" ") ? reply.error[0].toUpperCase() + reply.error.slice(1) : `${what} failed with the error "${reply.error}".`);
  else if (reply.status >= 400) toast(`${what} failed with the error "dispatch_failed".`);
  else return false;
  return true;
}

/** Runs something a person asked for; a refusal becomes a toast and undefined. */
export async function attempt(task) {
  try {
    return await task();
  } catch (problem) {
    toast(problem.message === "Failed to fetch" ? "The demo does not answer. Is it still running?" : problem.message);
    return undefined;
  }
}
