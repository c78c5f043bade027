// Small helpers over the DOM. Text from people only ever becomes text nodes here, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element: props starting with "on" are listeners, `data` and `style` are objects, the rest are attributes. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") Object.assign(node.style, value);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const ICONS = {
  hash: "M9 3 7 21 M17 3l-2 18 M4 8.5h17 M3 15.5h17",
  lock: "M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  home: "M3 11.5 12 4l9 7.5 M5.5 10v10h13V10 M10 20v-6h4v6",
  menu: "M4 6h16 M4 12h16 M4 18h16",
  close: "M6 6l12 12 M18 6 6 18",
  send: "M4 5l17 7-17 7 3-7z M7 12h7",
  reply: "M20 15a3 3 0 0 1-3 3H9l-5 3V7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3z M8.5 9.5h7 M8.5 13h4.5",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M8.5 14.5c1.8 2.3 5.2 2.3 7 0 M9 9.5v.6 M15 9.5v.6",
  more: "M12 5.5v.1 M12 12v.1 M12 18.5v.1",
  down: "M6 9.5l6 6 6-6",
  arrow: "M12 5v14 M6 13l6 6 6-6",
  skip: "M5 5l9 7-9 7z M18 5v14",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M12 2.5v2 M12 19.5v2 M2.5 12h2 M19.5 12h2 M5.3 5.3l1.4 1.4 M17.3 17.3l1.4 1.4 M18.7 5.3l-1.4 1.4 M6.7 17.3l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 3v18 M12 8h5.5 M12 12h7 M12 16h5.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3.5 2",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z M12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
  file: "M6 3h8l4 4v14H6z M14 3v4h4",
  attach: "M12 5v14 M5 12h14",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that is only an icon: the label is what a screen reader says and what hovering shows. */
export function iconButton(name, label, onclick, extra = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...extra }, icon(name));
}

/** Brings the children of `parent` in line with `items`; a node whose item did not change is kept, with its focus and typed text. */
export function reconcile(parent, items, keyOf, build) {
  const focus = focusWithin(parent);
  const old = new Map([...parent.children].map((node) => [node.__key, node]));
  const wanted = new Set(items.map(keyOf));
  old.forEach((node, key) => wanted.has(key) || node.remove());
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const [key, print] = [keyOf(item), JSON.stringify(item)];
    let node = old.get(key);
    if (!node || (node.__print !== print && !node.querySelector(".editing"))) {
      const fresh = Object.assign(build(item, node), { __key: key, __print: print });
      if (node) node.replaceWith(fresh);
      if (node && cursor === node) cursor = fresh;
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  restoreFocus(parent, focus);
}

function focusWithin(parent) {
  const active = document.activeElement;
  const holder = active && parent.contains(active) ? active.closest("[data-focus]") : null;
  if (!holder) return null;
  return { key: holder.dataset.focus, start: active.selectionStart, end: active.selectionEnd };
}

function restoreFocus(parent, focus) {
  if (!focus || parent.contains(document.activeElement)) return;
  const again = [...parent.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focus.key);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (focus.start !== undefined && focus.start !== null && again.setSelectionRange) again.setSelectionRange(focus.start, focus.end);
}

/** Takes a dialog away. The box that has the keys again has the caret too: else that would stay behind, and the box take no letter. */
export function putAway(dialog) {
  getSelection().removeAllRanges(); // a browser gives focus back while the page is still inert, when no caret can go there
  dialog.close();
  dialog.remove();
}

let serial = 0;
export function newId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}
