// Menus and pickers that open over the page. They use the browser's own popover and dialog, so Esc and focus behave.

import { fill, h, icon, putAway } from "./dom.js";
import { textOf, words } from "./mrkdwn.js";

const GAP = 6;

function place(panel, anchor) {
  const box = anchor.getBoundingClientRect();
  const [width, height] = [panel.offsetWidth, panel.offsetHeight];
  const below = box.bottom + GAP + height <= window.innerHeight || box.top < height;
  panel.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
  panel.style.top = `${below ? Math.min(box.bottom + GAP, window.innerHeight - height - 8) : box.top - GAP - height}px`;
}

/** Opens a panel beside `anchor` until something else is clicked or Esc is pressed; focus then goes back to the anchor. */
export function openPanel(anchor, panel) {
  panel.classList.add("panel");
  panel.setAttribute("popover", "auto");
  (anchor.closest("dialog") || document.body).append(panel);
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "open") return;
    const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
    anchor.setAttribute("aria-expanded", "false");
    panel.remove();
    if (hadFocus && anchor.isConnected) anchor.focus();
  });
  panel.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(panel, anchor);
  return () => panel.isConnected && panel.hidePopover();
}

function moveFocus(panel, selector, step) {
  const items = [...panel.querySelectorAll(selector)];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function arrows(panel, selector) {
  panel.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (!(event.key in steps) || (event.target.type === "search" && event.key.match(/Left|Right/))) return;
    event.preventDefault();
    moveFocus(panel, selector, steps[event.key]);
  });
}

/** A menu of `[{text, run, danger}]` under a button. */
export function openMenu(anchor, items, label) {
  let close = () => {};
  const row = (item) => h("button", {
    type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", onclick: () => { close(); item.run(); },
  }, item.text);
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label }, items.map(row));
  arrows(panel, "[role=menuitem]");
  close = openPanel(anchor, panel);
  panel.querySelector("[role=menuitem]")?.focus();
}

export function overflowMenu(items, attributes) {
  const node = h("button", { type: "button", class: "button button-overflow", "aria-haspopup": "menu", ...attributes, onclick: () => openMenu(node, items, "More actions") }, icon("more"));
  return node;
}

/** A field that holds several of the choices; opens a list with a search box. Its value is a list of values. */
export function multiPicker({ choices, value, max, placeholder, attributes, onchange }) {
  let chosen = [...(value || [])];
  const node = h("button", { type: "button", class: "select multi", "aria-haspopup": "listbox", ...attributes, onclick: open });
  const nameOf = (one) => choices.find((choice) => choice.value === one)?.text || one;
  function show() {
    fill(node, chosen.length ? chosen.map((one) => h("span", { class: "chip" }, nameOf(one))) : h("span", { class: "placeholder" }, placeholder || "Choose"));
  }
  function toggle(one, on) {
    chosen = on ? [...chosen, one] : chosen.filter((other) => other !== one);
    show();
    onchange([...chosen], node);
  }
  function row(choice) {
    const box = h("input", { type: "checkbox", value: choice.value, checked: chosen.includes(choice.value), onchange: () => {
      if (box.checked && max && chosen.length >= max) box.checked = false;
      else toggle(choice.value, box.checked);
    } });
    return h("label", { class: "choice" }, box, h("span", {}, choice.text));
  }
  function open() {
    const list = h("div", { class: "pick-list" }, choices.map(row));
    const search = h("input", { type: "search", class: "text-field", placeholder: "Search", "aria-label": "Search", oninput: () => {
      const sought = search.value.trim().toLowerCase();
      [...list.children].forEach((line) => { line.hidden = !line.textContent.toLowerCase().includes(sought); });
    } });
    const panel = h("div", { class: "picker", role: "group", "aria-label": placeholder || "Choices" }, choices.length > 6 ? search : null, list);
    arrows(panel, "input:not([hidden])");
    openPanel(node, panel);
    panel.querySelector("input")?.focus();
  }
  show();
  return node;
}

/** Asks before something is done; true when the person says yes. */
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const done = (answer) => { putAway(dialog); resolve(answer); };
    const yes = h("button", { type: "button", class: `button ${confirm.style === "danger" ? "button-danger" : "button-primary"}`, onclick: () => done(true) }, words(confirm.confirm) || "Yes");
    const no = h("button", { type: "button", class: "button", onclick: () => done(false) }, words(confirm.deny) || "Cancel");
    const dialog = h("dialog", { class: "modal confirm", "aria-label": words(confirm.title) || "Are you sure?", oncancel: (event) => { event.preventDefault(); done(false); } },
      h("div", { class: "modal-head" }, h("h2", {}, words(confirm.title) || "Are you sure?")),
      h("div", { class: "modal-body" }, textOf(confirm.text)),
      h("div", { class: "modal-foot" }, no, yes));
    document.body.append(dialog);
    dialog.showModal();
    (confirm.style === "danger" ? no : yes).focus(); // what is lost is not lost by a key too many
  });
}
