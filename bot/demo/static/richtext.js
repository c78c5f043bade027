// The three ways of writing that are not mrkdwn: rich_text elements, the markdown block, and tables.

import { h } from "./dom.js";
import { channelLink, dateText, emojiNode, inline, link, mention, encode } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(nodes, style = {}) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), nodes);
}

function withBreaks(text) {
  return text.split("\n").flatMap((line, number) => (number ? [h("br"), line] : [line]));
}

const LEAVES = {
  text: (el) => styled(withBreaks(el.text || ""), el.style),
  link: (el) => styled(link(el.url || "", el.text || null), el.style),
  user: (el) => styled(mention(el.user_id), el.style),
  channel: (el) => channelLink(el.channel_id),
  emoji: (el) => emojiNode(el.name),
  broadcast: (el) => h("span", { class: "mention mention-you" }, `@${el.range}`),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  date: (el) => h("time", {}, dateText(el.timestamp, el.format || "{date}")),
};

function leaves(elements = []) {
  return elements.map((el) => (LEAVES[el.type] ? LEAVES[el.type](el) : el.text || ""));
}

function richPart(part) {
  if (part.type === "rich_text_list") {
    const indent = { class: `rich-list indent-${Math.min(3, part.indent || 0)}`, start: part.style === "ordered" && part.offset ? part.offset + 1 : null };
    return h(part.style === "ordered" ? "ol" : "ul", indent, (part.elements || []).map((item) => h("li", {}, leaves(item.elements))));
  }
  if (part.type === "rich_text_preformatted") return h("pre", { tabindex: "0" }, leaves(part.elements));
  if (part.type === "rich_text_quote") return h("blockquote", {}, leaves(part.elements));
  return h("div", {}, leaves(part.elements));
}

export function richText(block) {
  return h("div", { class: "rich" }, (block.elements || []).map(richPart));
}

function cellContent(cell) {
  if (!cell) return "";
  if (cell.type === "rich_text") return richText(cell);
  return String(cell.text ?? cell.value ?? "");
}

export function table(block) {
  const settings = block.column_settings || [];
  const [head, ...body] = block.rows || [];
  const row = (cells, tag) => h("tr", {}, cells.map((cell, at) => h(tag, { class: `align-${settings[at]?.align || "left"}` }, cellContent(cell))));
  return h("div", { class: "table-holder", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, head ? row(head, "th") : null), h("tbody", {}, body.map((cells) => row(cells, "td")))));
}

// Standard markdown is close enough to mrkdwn line by line: translate the inline marks, then use the same renderer.
function markdownInline(text) {
  const parts = text.split(/(`[^`]+`)/);
  const translated = parts.map((part, at) => (at % 2 ? encode(part) : encode(part)
    .replace(/\[([^\]]+)\]\(((?:https?:|mailto:)[^)\s]+)\)/g, "<$2|$1>")
    .replace(/(^|[^*])\*([^*\s][^*]*)\*(?!\*)/g, "$1_$2_")
    .replace(/\*\*([^*]+)\*\*/g, "*$1*")
    .replace(/~~([^~]+)~~/g, "~$1~")));
  return inline(translated.join(""));
}

const MARKDOWN_LINES = [
  [/^(#{1,6})\s+(.*)$/, (m) => h("div", { class: "md-heading", role: "heading", "aria-level": String(m[1].length + 2) }, markdownInline(m[2]))],
  [/^\s*(?:---+|\*\*\*+)\s*$/, () => h("hr")],
  [/^>\s?(.*)$/, (m) => h("blockquote", {}, markdownInline(m[1]))],
  [/^(\s*)[-*+]\s+(.*)$/, (m) => bullet(m[1], "\u2022", m[2])],
  [/^(\s*)(\d+[.)])\s+(.*)$/, (m) => bullet(m[1], m[2], m[3])],
  [/^\s*$/, () => h("div", { class: "md-gap" })],
];

function bullet(space, sign, text) {
  const depth = Math.min(3, Math.floor(space.length / 2));
  return h("div", { class: `bullet bullet-${depth}` }, h("span", { class: "bullet-sign" }, sign), h("span", {}, markdownInline(text)));
}

function markdownLine(line) {
  for (const [pattern, build] of MARKDOWN_LINES) {
    const match = pattern.exec(line);
    if (match) return build(match);
  }
  return h("div", {}, markdownInline(line));
}

export function markdown(text) {
  const parts = String(text || "").split(/^```.*$/m);
  return h("div", { class: "rich" }, parts.map((part, at) =>
    at % 2 ? h("pre", { tabindex: "0" }, part.replace(/^\n|\n$/g, "")) : part.replace(/^\n|\n$/g, "").split("\n").map(markdownLine)));
}
