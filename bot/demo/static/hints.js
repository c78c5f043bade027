// The first visit: three things to try, on one line, until it is dismissed.

import { fill, h, iconButton } from "./dom.js";
import { memory } from "./state.js";

/** `tries` = [[label, text, run]] */
export function showHints(holder, tries) {
  if (memory.get("hints") === "seen") {
    holder.hidden = true;
    return;
  }
  const dismiss = () => { memory.set("hints", "seen"); holder.hidden = true; };
  fill(holder, h("strong", {}, "New here? Try"),
    h("ol", {}, tries.map(([label, text, run]) => h("li", {}, h("button", { type: "button", class: "link", onclick: run }, label), h("span", {}, ` ${text}`)))),
    iconButton("close", "Dismiss the hints", dismiss));
  holder.hidden = false;
}
