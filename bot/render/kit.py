"""Block Kit as plain dicts: the only place where text is escaped and cut to Slack's limits.

Our own words are mrkdwn; whatever a person typed goes through `esc` inside it, or stands in a `plain` text of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.domain.errors import CODE, END
from bot.domain.words import clip, undirected
from bot.render.ids import PRIVATE_LIMIT, decode, encode

Block = dict[str, Any]

# Slack's published limits; texts stay a little below because Slack counts after escaping.
TEXT = 2_900
HEADER = 150
BUTTON = 75
OPTION = 75
TITLE = 24
FALLBACK = 3_500
# Escaping only makes longer: what stands farther beyond a limit can neither be shown nor decide where the cut is.
BEYOND = 100
INPUT = 3_000
MESSAGE_BLOCKS = 45
MODAL_BLOCKS = 95

# A refused command of at most so many words is typed again sooner than it is copied; Slack takes three parts' text.
FEW_WORDS, MOST_PARTS = 3, 3

# Most titles and names: nothing in them means anything to Slack.
_ORDINARY = re.compile(r"[A-Za-z0-9 .,:;!?'()/%+-]*")
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

# Slack knows no escape for its marks, and an invisible character beside one is a word's end to it: it would switch the
# mark on. So a mark that could be one is shown by its twin, which is none. Slack takes the wide forms for marks too.
_TWINS = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "＊": "﹡", "＿": "ˍ", "｀": "ˋ"}
_MARKS = re.compile("[*_~`＊＿｀]")
_CODE = re.compile(f"{CODE}([^{CODE}{END}`]*){END}")
_PLAIN_LETTER = re.compile("[A-Za-z0-9]")
_QUOTE = re.compile(r"^([ \t]*)[>＞]", re.MULTILINE)


def esc(text: str, limit: int = TEXT) -> str:
    """What a person typed, safe inside mrkdwn and looking as typed: no entity, mention, link or emphasis comes alive.

    Cut to `limit` characters of the result, never inside an entity. A mark between letters (`snake_case`) or blanks
    (`2 * 3`) means nothing to Slack and stays; text that runs right to left is isolated so that it cannot turn the rest
    of the line.
    """
    if _ORDINARY.fullmatch(text):
        return clip(text, limit)
    near = undirected(text).replace("\0", "")[: limit + BEYOND]
    plain_text = _QUOTE.sub(lambda found: f"{found[1]}›", disarm(near))
    escaped = plain_text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    cut = clip(escaped, limit)
    return f"\u2068{cut}\u2069" if _RTL.search(cut) else cut


def disarm(text: str) -> str:
    """`text` in which no mark is one to Slack: each that could be is shown by its twin."""

    def twin(found: re.Match[str]) -> str:
        mark, before, after = found[0], text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        inside = _PLAIN_LETTER.match(before) and _PLAIN_LETTER.match(after)
        if mark in "*_~" and (inside or (before in _BLANKS and after in _BLANKS)):
            return mark
        return _TWINS[mark]

    return _MARKS.sub(twin, text)


def esc_refusal(sentence: str, limit: int = TEXT) -> str:
    """A refusal's sentence (`marked`), safe inside mrkdwn: what is code in it is shown as such, and all else of it,
    which may quote people, is as by `esc`."""
    parts = [esc(part, limit) for part in _CODE.split(sentence)]
    parts[1::2] = [f"`{part}`" for part in parts[1::2]]
    return clip("".join(parts), limit)


_EMPTY_LINES = re.compile(r"(?:[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]){3,}")
_BLANKS = (" ", "\n", "\t")


def esc_line(text: str, limit: int = 200) -> str:
    """`esc` for one line: line breaks become spaces."""
    return esc(" ".join(text.split()), limit)


def link(address: str | None, label: str) -> str:
    """A link of ours, inside mrkdwn, to an address that `domain/links` has taken for one; without, the label alone."""
    return f"<{address.replace('&', '&amp;')}|{esc_line(label)}>" if address else esc_line(label)


def mrkdwn(text: str, limit: int = TEXT) -> dict[str, Any]:
    """A text object of our own words (people's words inside it went through `esc`)."""
    return {"type": "mrkdwn", "text": clip(text, limit) or " ", "verbatim": True}


def plain(text: str, limit: int = TEXT) -> dict[str, Any]:
    """A text object that Slack does not interpret, for what people typed; nothing in it turns what stands beside it."""
    shown = undirected(text).replace("\0", "")
    return {"type": "plain_text", "text": clip(shown, limit) or " ", "emoji": False}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of our own words."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def typed(text: str, limit: int = TEXT) -> Block:
    """A paragraph as a person typed it, with at most one empty line in a row, so that it cannot push away what stands
    below (cut with an ellipsis when Slack cannot show it all)."""
    return {"type": "section", "text": plain(_EMPTY_LINES.sub("\n\n", text), limit)}


def header(text: str) -> Block:
    """A heading; may hold what a person typed."""
    return {"type": "header", "text": plain(" ".join(text.split()), HEADER)}


def context(*texts: str) -> Block:
    """Small print of our own words."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(
    label: str, act: StrEnum, value: dict[str, Any] | None = None, *, suffix: str = "", style: str | None = None
) -> Block:
    """A button; `suffix` tells it from others of the same act in the same message."""
    block: Block = {"type": "button", "text": plain(label, BUTTON), "action_id": f"{act}:{suffix}" if suffix else act}
    if value is not None:
        block["value"] = encode(value)
    return block | {"style": style} if style else block


def choices(labels: Mapping[str, str], act: StrEnum, value: dict[str, Any]) -> list[Block]:
    """A button for each state that an answer can bring, by its label; `value` says of what."""
    return [button(label, act, value | {"state": state}, suffix=state) for state, label in labels.items()]


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | {"block_id": block_id} if block_id else block


def without(payload: dict[str, Any], act: StrEnum) -> dict[str, Any]:
    """The same message without the buttons of `act`."""
    blocks = []
    for block in payload["blocks"]:
        if block["type"] == "actions":
            left = [one for one in block["elements"] if one.get("action_id") != act]
            blocks += [block | {"elements": left}] if left else []
        else:
            blocks.append(block)
    return payload | {"blocks": blocks}


def option(label: str, value: str) -> dict[str, Any]:
    """One choice of a select."""
    return {"text": plain(label, OPTION), "value": value}


def select(choices: Sequence[tuple[str, str]], initial: str | None = None, placeholder: str | None = None) -> Block:
    """A select of (value, label) choices, at most a hundred."""
    options = [option(label, value) for value, label in choices[:100]]
    block: Block = {"type": "static_select", "action_id": "value", "options": options}
    chosen = next((item for item in options if item["value"] == initial), None)
    if chosen:
        block["initial_option"] = chosen
    return block | {"placeholder": plain(placeholder, 150)} if placeholder else block


def text_input(initial: str = "", *, multiline: bool = False, max_length: int = INPUT, placeholder: str = "") -> Block:
    """A text field. Text longer than Slack's 3,000 characters must not come here: it would be cut on saving."""
    block: Block = {"type": "plain_text_input", "action_id": "value", "max_length": min(max_length, INPUT)}
    if multiline:
        block["multiline"] = True
    if initial:
        block["initial_value"] = initial[: block["max_length"]]
    return block | {"placeholder": plain(placeholder, 150)} if placeholder else block


def prefilled(
    name: str, label: str, typed_text: str, *, max_length: int = INPUT, optional: bool = False, hint: str = ""
) -> Block:
    """A field of several lines with what was typed in a command; what does not fit leaves it empty, and it says so."""
    fits = len(typed_text) <= max_length
    said = hint if fits else f"Your words are longer than the {max_length:,} characters of this field: shorten them."
    element = text_input(typed_text if fits else "", multiline=True, max_length=max_length)
    return field(name, label, element, optional=optional, hint=said)


def number_input(initial: str = "", *, low: str = "0", high: str = "100", decimals: bool = False) -> Block:
    """A number field with its range."""
    block: Block = {"type": "number_input", "action_id": "value", "is_decimal_allowed": decimals}
    block |= {"min_value": low, "max_value": high}
    return block | {"initial_value": initial} if initial else block


def people_input(initial: Iterable[str] = (), limit: int | None = None) -> Block:
    """A field for one or more people."""
    block: Block = {"type": "multi_users_select", "action_id": "value"}
    if users := list(initial):
        block["initial_users"] = users
    return block | {"max_selected_items": limit} if limit else block


def person_input(initial: str = "") -> Block:
    """A field for one person."""
    block: Block = {"type": "users_select", "action_id": "value"}
    return block | {"initial_user": initial} if initial else block


def check_input(label: str, *, checked: bool = False) -> Block:
    """A box to tick; the form holds ["yes"] when it is."""
    options = [option(label, "yes")]
    block: Block = {"type": "checkboxes", "action_id": "value", "options": options}
    return block | {"initial_options": options} if checked else block


def date_input(initial: str | None = None) -> Block:
    """A date field."""
    block: Block = {"type": "datepicker", "action_id": "value"}
    return block | {"initial_date": initial} if initial else block


def field(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """A labelled input of a modal; `name` is its block id and comes back in the form."""
    block: Block = {"type": "input", "block_id": name, "label": plain(label, 2_000), "element": element}
    if optional:
        block["optional"] = True
    return block | {"hint": plain(hint, 2_000)} if hint else block


def modal(
    callback: StrEnum,
    title: str,
    blocks: list[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    private: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A modal; `private` comes back with every click and the submission in it."""
    view: dict[str, Any] = {"type": "modal", "callback_id": callback, "title": plain(title, TITLE)}
    view |= {"blocks": blocks[:MODAL_BLOCKS], "close": plain(close, TITLE)}
    view["private_metadata"] = encode(private or {}, PRIVATE_LIMIT)
    return view | {"submit": plain(submit, TITLE)} if submit else view


def carrying(view: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The modal with `more` beside what it carries."""
    return view | {"private_metadata": encode(decode(view.get("private_metadata")) | more, PRIVATE_LIMIT)}


def with_wrong(view: dict[str, Any], wrong: Mapping[str, str]) -> dict[str, Any]:
    """The modal with what is wrong said under each field that `wrong` names: after a button Slack shows no errors.

    What stands behind a colon in the name of a field's block does not count.
    """
    blocks: list[Block] = []
    for block in view["blocks"]:
        blocks.append(block)
        if sentence := wrong.get(str(block.get("block_id")).partition(":")[0]):
            blocks.append(context(f"*{esc_line(sentence, 600)}*"))
    return view | {"blocks": blocks[:MODAL_BLOCKS]}


def message(text: str, blocks: list[Block]) -> dict[str, Any]:
    """A message: `text` is what a notification shows (escaped words, no blocks), `blocks` what the channel shows."""
    return {"text": clip(text, FALLBACK), "blocks": blocks[:MESSAGE_BLOCKS]}


def named(block_id: str, block: Block) -> Block:
    """The block under a name, by which `replace_blocks` finds it again."""
    return block | {"block_id": block_id}


def replace_blocks(payload: dict[str, Any], prefix: str, blocks: list[Block]) -> dict[str, Any]:
    """The message with `blocks` in the place of those whose name begins with `prefix`; without such it stays."""
    before = list(payload.get("blocks") or [])
    places = [place for place, block in enumerate(before) if str(block.get("block_id", "")).startswith(prefix)]
    if not places:
        return payload
    kept = [block for place, block in enumerate(before) if place not in places]
    return payload | {"blocks": [*kept[: places[0]], *blocks, *kept[places[0] :]]}


def answer(text: str, *more: Block) -> dict[str, Any]:
    """A short answer for one person."""
    return message(text, [section(text), *more])


def notice_modal(callback: StrEnum, title: str, text: str) -> dict[str, Any]:
    """A modal that only says something."""
    return modal(callback, title, [section(text)], close="Close")


def refusal_answer(sentence: str, typed_words: str = "") -> dict[str, Any]:
    """A refusal for one person: it may quote what they typed, and no mention or link in it comes alive.

    A command of more than a few words, `typed_words`, is given back to be copied and mended, as typed.
    """
    text = esc_refusal(sentence)
    if len(typed_words.split()) <= FEW_WORDS:
        return {"text": text}
    return message(text, [section(text), *given_back(typed_words)])


def given_back(words: str) -> list[Block]:
    """What somebody typed, exactly, to be copied."""
    parts = [words[start : start + TEXT] for start in range(0, len(words), TEXT)]
    return [context("You wrote:"), *({"type": "section", "text": plain(part)} for part in parts[:MOST_PARTS])]


def unfit_answer(words: str) -> dict[str, Any]:
    """Beside a form whose field cannot hold what was typed, with all of it; `words` are the whole command."""
    text = (
        f"Your words are longer than a field of Slack takes ({INPUT:,} characters), so the form is open without them."
    )
    return message(text, [section(text), *given_back(words)])
