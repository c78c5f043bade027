// Block Kit's interactive elements. Each is a real form control, so that the keyboard and screen readers find it.

import { h, newId } from "./dom.js";
import { picture } from "./render_blocks.js";
import { textOf, words } from "./mrkdwn.js";
import { askConfirm, multiPicker, overflowMenu } from "./pickers.js";
import { state } from "./state.js";

const INITIAL = {
  plain_text_input: (el) => el.initial_value ?? "",
  email_text_input: (el) => el.initial_value ?? "",
  url_text_input: (el) => el.initial_value ?? "",
  number_input: (el) => el.initial_value ?? "",
  static_select: (el) => el.initial_option?.value ?? null,
  external_select: (el) => el.initial_option?.value ?? null,
  radio_buttons: (el) => el.initial_option?.value ?? null,
  checkboxes: (el) => (el.initial_options || []).map((option) => option.value),
  multi_static_select: (el) => (el.initial_options || []).map((option) => option.value),
  users_select: (el) => el.initial_user ?? null,
  multi_users_select: (el) => el.initial_users ?? [],
  conversations_select: (el) => el.initial_conversation ?? null,
  channels_select: (el) => el.initial_channel ?? null,
  multi_conversations_select: (el) => el.initial_conversations ?? [],
  multi_channels_select: (el) => el.initial_channels ?? [],
  datepicker: (el) => el.initial_date ?? null,
  timepicker: (el) => el.initial_time ?? null,
};

export function element(block, el, surface) {
  const build = ELEMENTS[el.type];
  if (!build) return h("span", { class: "block-unknown" }, `(${el.type})`);
  const kept = surface.valueOf(block, el);
  const initial = INITIAL[el.type] ? INITIAL[el.type](el) : null;
  const node = build(block, el, surface, kept === undefined ? initial : kept);
  if (INITIAL[el.type] && kept === undefined) surface.given(block, el, initial);
  if (el.focus_on_load) node.dataset.first = "";
  return node;
}

/** What every control shares: its focus key (kept over a live update) and its names for people and tests. A form's field has its label. */
function common(block, el, surface) {
  const label = el.placeholder ? words(el.placeholder) : words(el.text || "") || el.action_id;
  return { "aria-label": el.accessibility_label || (block.type === "input" ? null : label), data: { focus: `${surface.id}/${block.block_id}/${el.action_id}`, action: el.action_id } };
}

/** A changed control: remembered always; told to the bot unless it is a plain field of a form. */
async function changed(block, el, surface, value, node) {
  surface.typed(block, el, value);
  if (block.type === "input" && !block.dispatch_action) return;
  if (el.confirm && !(await askConfirm(el.confirm))) return;
  await working(node, () => surface.act(block, el, value));
}

async function working(node, task) {
  node.setAttribute("aria-busy", "true");
  try {
    await task();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function button(block, el, surface) {
  const node = h("button", {
    type: "button", class: `button ${el.style ? `button-${el.style}` : ""}`, ...common(block, el, surface), "aria-label": el.accessibility_label,
    onclick: async () => {
      if (node.getAttribute("aria-busy") || (el.confirm && !(await askConfirm(el.confirm)))) return;
      if (el.url) window.open(el.url, "_blank", "noopener");
      await working(node, () => surface.act(block, el, null));
    },
  }, textOf(el.text));
  return node;
}

function options(list, value) {
  return list.map((option) => h("option", { value: option.value, selected: option.value === value }, words(option.text)));
}

function selectWith(block, el, surface, value, children) {
  const empty = h("option", { value: "", selected: value === null }, words(el.placeholder) || "Choose an option");
  const node = h("select", {
    class: "select", ...common(block, el, surface), onchange: () => changed(block, el, surface, node.value || null, node),
  }, empty, children);
  return node;
}

function staticSelect(block, el, surface, value) {
  const groups = (el.option_groups || []).map((group) => h("optgroup", { label: words(group.label) }, options(group.options, value)));
  return selectWith(block, el, surface, value, [groups, options(el.options || [], value)]);
}

function peopleOptions() {
  return [...state.users.values()].filter((user) => !user.hidden).map((user) => ({ value: user.id, text: user.name }));
}
function channelOptions() {
  return state.channels.filter((channel) => channel.kind !== "dm").map((channel) => ({ value: channel.id, text: `#${channel.name}` }));
}

const pickOne = (choices) => (block, el, surface, value) => selectWith(block, el, surface, value, options(choices(), value));
const pickMany = (choices) => (block, el, surface, value) =>
  multiPicker({
    choices: choices(el), value, max: el.max_selected_items, placeholder: words(el.placeholder), attributes: common(block, el, surface),
    onchange: (values, node) => changed(block, el, surface, values, node),
  });

function staticChoices(el) {
  const all = [...(el.options || []), ...(el.option_groups || []).flatMap((group) => group.options)];
  return all.map((option) => ({ value: option.value, text: words(option.text) }));
}

// A number is typed as text: a browser's own number field hands over nothing when it is not one, and what was typed is lost.
function nativeField(type) {
  return (block, el, surface, value) => {
    const node = h("input", {
      type, class: `text-field field-${el.type}`, value: value ?? "", ...common(block, el, surface), placeholder: words(el.placeholder),
      inputmode: el.type === "number_input" ? "decimal" : null, autocomplete: "off",
      onchange: () => changed(block, el, surface, node.value || null, node),
      oninput: () => surface.typed(block, el, node.value || null),
    });
    return node;
  };
}

function textInput(block, el, surface, value) {
  const tag = el.multiline ? "textarea" : "input";
  const triggers = el.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const dispatches = block.dispatch_action;
  const send = () => changed(block, el, surface, node.value, node);
  let timer = null;
  const node = h(tag, {
    class: "text-field", type: el.multiline ? null : "text", rows: el.multiline ? "3" : null, value: value ?? "", ...common(block, el, surface),
    placeholder: words(el.placeholder), minlength: el.min_length, maxlength: el.max_length, autocomplete: "off",
    oninput: () => {
      surface.typed(block, el, node.value);
      clearTimeout(timer);
      if (dispatches && triggers.includes("on_character_entered")) timer = setTimeout(send, 350);
    },
    onkeydown: (event) => {
      if (!dispatches || event.key !== "Enter" || event.shiftKey || el.multiline || !triggers.includes("on_enter_pressed")) return;
      event.preventDefault();
      send();
    },
  });
  return node;
}

function choiceList(type) {
  return (block, el, surface, value) => {
    const name = newId("choice");
    const chosen = new Set([value].flat().filter((one) => one !== null));
    const read = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
    const row = (option) => h("label", { class: "choice" },
      h("input", {
        type, name, value: option.value, checked: chosen.has(option.value), data: { focus: `${surface.id}/${block.block_id}/${el.action_id}/${option.value}` },
        onchange: () => changed(block, el, surface, type === "radio" ? (read()[0] ?? null) : read(), node),
      }),
      h("span", {}, textOf(option.text), option.description ? h("span", { class: "choice-note" }, textOf(option.description)) : null));
    const node = h("div", { class: "choices", ...common(block, el, surface), role: type === "radio" ? "radiogroup" : "group" }, (el.options || []).map(row));
    return node;
  };
}

function overflow(block, el, surface) {
  const choose = async (option) => {
    if (el.confirm && !(await askConfirm(el.confirm))) return;
    if (option.url) window.open(option.url, "_blank", "noopener");
    await working(node, () => surface.act(block, el, option.value));
  };
  const node = overflowMenu(el.options.map((option) => ({ text: words(option.text), run: () => choose(option) })), { ...common(block, el, surface), "aria-label": "More actions" });
  return node;
}

const ELEMENTS = {
  button,
  overflow,
  image: (block, el, surface) => picture(el, surface, block.type === "context" ? "tiny-picture" : "small-picture"),
  static_select: staticSelect,
  external_select: staticSelect,
  users_select: pickOne(peopleOptions),
  conversations_select: pickOne(channelOptions),
  channels_select: pickOne(channelOptions),
  multi_static_select: pickMany(staticChoices),
  multi_external_select: pickMany(staticChoices),
  multi_users_select: pickMany(peopleOptions),
  multi_conversations_select: pickMany(channelOptions),
  multi_channels_select: pickMany(channelOptions),
  datepicker: nativeField("date"),
  timepicker: nativeField("time"),
  number_input: nativeField("text"),
  plain_text_input: textInput,
  email_text_input: nativeField("text"),
  url_text_input: nativeField("text"),
  radio_buttons: choiceList("radio"),
  checkboxes: choiceList("checkbox"),
};
