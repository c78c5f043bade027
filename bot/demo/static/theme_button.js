// Light, dark, or as the system says.

import { icon, iconButton } from "./dom.js";
import { memory } from "./state.js";

const NEXT = { "": "dark", dark: "light", light: "" };
const LOOKS = { "": ["auto", "Look: as the system"], dark: ["moon", "Look: dark"], light: ["sun", "Look: light"] };

export function themeButton() {
  const theme = document.documentElement.dataset.theme || "";
  const node = iconButton(LOOKS[theme][0], LOOKS[theme][1], () => {
    const next = NEXT[document.documentElement.dataset.theme || ""];
    if (next) document.documentElement.dataset.theme = next;
    else delete document.documentElement.dataset.theme;
    memory.set("theme", next);
    node.replaceChildren(icon(LOOKS[next][0]));
    node.title = LOOKS[next][1];
    node.setAttribute("aria-label", LOOKS[next][1]);
  }, { "data-focus": "theme" });
  return node;
}
