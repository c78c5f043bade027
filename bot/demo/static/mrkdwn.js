// Slack's mrkdwn to DOM nodes. Whatever is not recognised stays the text it is.

import { append, h } from "./dom.js";
import { channelOf, isYou, state, userName } from "./state.js";
import { drawing } from "./drawn.js";
import { emoji } from "./emoji.js";

// Invisible characters (zero width space, word joiner) end a word and are no blank, so they switch a mark beside them on.
const WORD = /[\p{L}\p{N}_]/u;
const BLANK = /[^\S\uFEFF]/;
const TAGS = { "*": "strong", _: "em", "~": "s" };

export function decode(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
export function encode(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** plain_text of Slack: no markup at all, only emoji names when the text allows them. */
export function plain(text, withEmoji = true) {
  if (!withEmoji) return [text];
  return splitEmoji(text);
}

function splitEmoji(text) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(/:([a-z0-9_+'-]+):/g)) {
    const sign = emoji(match[1]);
    if (!sign) continue;
    out.push(text.slice(last, match.index), emojiNode(match[1]));
    last = match.index + match[0].length;
  }
  out.push(text.slice(last));
  return out.filter((part) => part !== "");
}

export function emojiNode(name) {
  const sign = emoji(name);
  return sign ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, drawing(name) || sign) : `:${name}:`;
}

export function mention(id, label) {
  const who = userName(id);
  return h("span", { class: isYou(id) ? "mention mention-you" : "mention" }, `@${who === id && label ? label : who}`);
}

export function channelLink(id, label) {
  const channel = channelOf(id);
  const name = `#${channel ? channel.name : label || id}`;
  return channel ? h("button", { type: "button", class: "mention", data: { goto: id } }, name) : h("span", { class: "mention" }, name);
}

/** A link that opens outside, or inside this page when it is a permalink of this workspace. */
export function link(url, label) {
  const inside = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(url);
  if (inside && channelOf(inside[1])) {
    return h("a", { href: "#", data: { goto: inside[1], ts: `${inside[2]}.${inside[3]}`, thread: inside[4] || "" } }, label || url);
  }
  const file = /\/files(?:-pri)?\/(?:[^?#]*\/)?(F[A-Z0-9]+)/.exec(url);
  if (file) return h("a", { href: "#", data: { file: file[1] } }, label || url);
  const direct = /^slack:\/\/user\?/.test(url) && state.channels.find((one) => one.kind === "dm");
  if (direct) return h("a", { href: "#", data: { goto: direct.id } }, label || url);
  if (!/^(https?:|mailto:)/i.test(url)) return h("span", {}, label || url);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

const ZONED = { year: "numeric", month: "long", day: "numeric" };
export function dateText(seconds, format) {
  const at = new Date(Number(seconds) * 1000);
  const show = (options) => new Intl.DateTimeFormat("en-GB", { ...options, timeZone: state.zone }).format(at);
  const parts = {
    date_num: () => new Intl.DateTimeFormat("en-CA", { timeZone: state.zone }).format(at),
    date_short: () => show({ year: "numeric", month: "short", day: "numeric" }),
    date_long: () => show({ weekday: "long", ...ZONED }),
    date: () => show(ZONED),
    time_secs: () => show({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    time: () => show({ hour: "2-digit", minute: "2-digit" }),
  };
  return format.replace(/\{([a-z_]+)\}/g, (all, name) => (parts[name.replace("_pretty", "")] || (() => all))());
}

function entity(inner) {
  const [body, ...rest] = inner.split("|");
  const label = rest.length ? decode(rest.join("|")) : "";
  if (body.startsWith("@")) return mention(body.slice(1), label);
  if (body.startsWith("#")) return channelLink(body.slice(1), label);
  const date = /^!date\^(-?\d+)\^([^^]*)/.exec(body);
  if (date) return h("time", { title: label }, dateText(date[1], date[2]));
  if (body.startsWith("!subteam")) return h("span", { class: "mention" }, label || "@group");
  if (body.startsWith("!")) return h("span", { class: "mention mention-you" }, `@${body.slice(1)}`);
  return link(decode(body), label ? splitEmoji(label) : null);
}

function closing(text, from, mark) {
  for (let at = from; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<" || text[at] === "`") {
      const end = text.indexOf(text[at] === "<" ? ">" : "`", at + 1);
      if (end > 0) at = end;
      continue;
    }
    const free = !WORD.test(text[at + 1] || " ") && text[at + 1] !== mark;
    if (text[at] === mark && at > from && !BLANK.test(text[at - 1]) && free) return at;
  }
  return -1;
}

/** The inline part of mrkdwn: styles, code, links, mentions, emoji. */
export function inline(text) {
  const out = [];
  let run = "";
  const flush = () => {
    if (run) out.push(...splitEmoji(decode(run)));
    run = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const end = char === "`" ? text.indexOf("`", at + 1) : char === "<" ? text.indexOf(">", at + 1) : -1;
    if (char === "`" && end > at + 1 && !text.slice(at, end).includes("\n")) {
      flush();
      out.push(h("code", {}, decode(text.slice(at + 1, end))));
      at = end;
    } else if (char === "<" && end > at + 1) {
      flush();
      out.push(entity(text.slice(at + 1, end)));
      at = end;
    } else if (TAGS[char] && !WORD.test(text[at - 1] || " ") && !BLANK.test(text[at + 1] || " ") && text[at + 1] !== char) {
      const stop = closing(text, at + 1, char);
      if (stop < 0) run += char;
      else {
        flush();
        out.push(h(TAGS[char], {}, inline(text.slice(at + 1, stop))));
        at = stop;
      }
    } else run += char;
  }
  flush();
  return out;
}

const BULLET = /^(\s*)([\u2022\u25e6\u25aa-]|\d+[.)])\s+(.*)$/;

function bulletLine(match) {
  const depth = Math.min(3, Math.floor(match[1].length / 2));
  const sign = match[2] === "-" ? "\u2022" : match[2];
  return h("div", { class: `bullet bullet-${depth}` }, h("span", { class: "bullet-sign" }, sign), h("span", {}, inline(match[3])));
}

function lines(text) {
  const out = [];
  let before = "start"; // what the line above was: text needs a line break, a list or a quote ends by itself
  let above = null;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    const bullet = quoted ? null : BULLET.exec(line);
    if ((quoted || bullet) && before === "text" && above === "") out.push(h("br"));
    if (quoted && before === "quote") append(out[out.length - 1], [h("br"), inline(quoted[1])]);
    else if (quoted) out.push(h("blockquote", {}, inline(quoted[1])));
    else if (bullet) out.push(bulletLine(bullet));
    else out.push(...(before === "text" ? [h("br")] : []), ...inline(line));
    before = quoted ? "quote" : bullet ? "bullet" : "text";
    above = line;
  }
  return out;
}

/** Slack's mrkdwn as an array of nodes and strings. */
export function mrkdwn(text) {
  const out = [];
  String(text || "").split("```").forEach((part, number, all) => {
    if (number % 2 === 1 && number < all.length - 1) out.push(h("pre", { tabindex: "0" }, decode(part.replace(/^\n/, ""))));
    else if (number % 2 === 1) out.push(...lines("```" + part));
    else if (part.trim()) out.push(...lines(number ? part.replace(/^\n/, "") : part));
  });
  return out;
}

/** A Slack text object, or a bare string (which is plain). */
export function textOf(object) {
  if (!object) return [];
  if (typeof object === "string") return plain(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text || "", object.emoji !== false);
}
export function words(object) {
  if (!object) return "";
  return fillEmoji(typeof object === "string" ? object : object.text || "");
}
function fillEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+):/g, (all, name) => emoji(name) || all);
}
