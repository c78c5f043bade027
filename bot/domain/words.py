"""What people type, read the same way everywhere: confidence, keys, tags, days; and text cut to a limit.

Whatever is doubtful is not taken: the bot asks rather than guesses.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.domain.errors import Refusal

ELLIPSIS = "…"
MAX_TAGS = 20
MAX_TAG_LENGTH = 40
MAX_DAYS = 31

# Whole percents, a share of 1 (0.7) or of 10 (7/10). Nothing may hang on to it: no 70.5, 70-80, 7/10/2026, 70ish.
_TENTHS = r"(?P<tenths>\d{1,2})\s?/\s?10"
_SHARE = r"(?P<share>[01][.,]\d{1,3})"
_END = r"(?![\w%])(?![.,/:–-]\d)(?![-–/]\s?\d)(?!\s[-–/]\s\d)"
_KEYWORD = re.compile(
    rf"(?<![\w-])conf(?:idence)?\s*(?:[:=]\s*)?(?:{_TENTHS}|{_SHARE}|(?P<percent>\d{{1,4}})(?:\s?%)?){_END}",
    re.I | re.ASCII,
)
_FIRST_WORD = re.compile(rf"\s*(?:{_TENTHS}|(?P<percent>\d{{1,4}})\s?%){_END}", re.ASCII)
_LEADING_PERCENTAGE = re.compile(rf"\s*(?P<percent>\d{{1,400}})\s?%{_END}[,;:.]?(?:\s+[–—-](?=\s))?\s*", re.ASCII)

# A percentage alone that no confidence can be: "-5%", "70.5%".
_NO_CONFIDENCE = re.compile(r"\s*(?:[-–−+]\s?\d+(?:[.,]\d+)?|\d+[.,]\d+)\s?%\s*", re.ASCII)

# "filtered at confidence 0.5", "the confidence 0.5 threshold": a model's confidence, not a person's.
_ABOUT_A_MODEL_BEFORE = re.compile(
    r"\b(?:at|above|over|below|under|than|with|of|for|from|to|min|max|minimum|maximum|model|model's|a|the)\s+$", re.I
)
_ABOUT_A_MODEL_AFTER = re.compile(r"\s*(?:threshold|cut-?off|interval|score|bound|filter|level)", re.I)


def parse_confidence(text: str) -> int | None:
    """The confidence (0-100) that a text states in one of the plain forms, else None.

    `conf 70`, `confidence: 70%`, `conf 0.7`, `conf 7/10` anywhere; `70%` or `7/10` as the first word. Two different
    ones, one out of range, or anything else (`accuracy is 93%`, `maybe 70`, `up 5%`) is None.
    """
    stated = {_value(found) for found in _KEYWORD.finditer(text) if not _about_a_model(text, found)}
    if not stated:
        first = _FIRST_WORD.match(text)
        stated = {_value(first)} if first else set()
    return stated.pop() if len(stated) == 1 else None


def is_rounded(text: str) -> bool:
    """Whether the confidence that a text states is one of whole percents by rounding alone: `conf 0.705`."""
    shares = [found["share"] or "" for found in _KEYWORD.finditer(text)]
    return parse_confidence(text) is not None and any(len(share.rstrip("0")) > len("0.00") for share in shares)


def _about_a_model(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 20) : found.start()]
    return bool(_ABOUT_A_MODEL_BEFORE.search(before) or _ABOUT_A_MODEL_AFTER.match(text, found.end()))


def _value(found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    if groups.get("tenths"):
        value = int(groups["tenths"]) * 10
    elif groups.get("share"):
        value = math.floor(float(groups["share"].replace(",", ".")) * 100 + 0.5)
    else:
        value = int(groups["percent"])
    return value if value <= 100 else None


def split_command_update(text: str) -> tuple[int | None, str]:
    """The confidence and the text of `/bets update B-7 ...`: a leading percentage is taken off, the rest as typed.

    A percentage that no confidence can be is refused: it was meant as one, and would stand as its own update.
    """
    found = _LEADING_PERCENTAGE.match(text)
    if found is None and _NO_CONFIDENCE.fullmatch(text):
        raise Refusal(f"I read a confidence from 0 to 100%, in whole percents, and this says {clip(text.strip(), 12)}.")
    if found is None:
        return parse_confidence(text), text.strip()
    value = _value(found)
    if value is None:
        raise Refusal(f"I read a confidence from 0 to 100%, and this says {clip(found['percent'], 9)}%: mend it.")
    return value, text[found.end() :].strip()


def has_number(text: str) -> bool:
    """Whether words hold a number, which may have been meant as a confidence where none can be read."""
    return any(letter.isdigit() for letter in text)


def without_confidence(text: str) -> str:
    """An answer without the confidence it begins with: `30%, it looks bad`, `conf 0.3: it looks bad`, `3/10 bad`."""
    found = _LEADING_PERCENTAGE.match(text) or _KEYWORD.match(text.lstrip()) or _FIRST_WORD.match(text)
    if found is None:
        return text
    return found.string[found.end() :].lstrip(" ,;:.–—-\n")


_CONFIDENCE = "Confidence is a whole number from 0 to 100, such as 70."


def parse_confidence_field(typed: str | int | None, field: str = "confidence") -> int | None:
    """What stands in a Confidence field as 0-100; an empty field is None, anything unclear a Refusal."""
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    stated = f"conf {text}"
    if re.fullmatch(r"\d{1,3}", text, re.ASCII):
        value: int | None = int(text)
    else:
        value = None if is_rounded(stated) else parse_confidence(stated)
    if value is None or value > 100:
        raise Refusal(_CONFIDENCE, field)
    return value


def read_confidence(typed: str | int | None, field: str = "confidence") -> int:
    """The same of a field that must not be left empty."""
    value = parse_confidence_field(typed, field)
    if value is None:
        raise Refusal(_CONFIDENCE, field)
    return value


def too_long(text: str, limit: int) -> str:
    """What is wrong with a text of more than `limit` characters, in a sentence; empty for any other."""
    length = len(text.strip())
    return f"Keep it to {limit:,} characters; this has {length:,}." if length > limit else ""


def parse_days(typed: str | float | None, field: str = "days") -> float | None:
    """Days spent (0 to 31), as in `1.5`, `1,5` or `2 days`; an empty field is None."""
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,4})?|[.,]\d{1,4})\s*(?:d|days?)?", text, re.ASCII | re.I)
    days = float(found[1].replace(",", ".")) if found else math.inf
    if days > MAX_DAYS:
        raise Refusal(f"Days spent is a number from 0 to {MAX_DAYS}, such as 2 or 1.5.", field)
    return days


def parse_key(text: str) -> int | None:
    """The number of a bet's key, typed as `B-7`, `b7`, `<B-7>` or `B-7:`; None if it is no key."""
    found = re.fullmatch(r"[<*_`(\[]*b[-‐‑– ]?0*([1-9]\d{0,8})[>*_`)\].,:;!?]*", text.strip(), re.ASCII | re.I)
    return int(found[1]) if found else None


def parse_tags(text: str, field: str = "tags") -> tuple[str, ...]:
    """Tags from `#a #b`, `a, b` or a mix: lower case, without `#`, each once, in the order typed."""
    typed = re.sub(r"<#\w+\|([^<>]*)>", r" #\1 ", text)  # a channel that Slack made of a tag
    words = (word.strip("#.;:").lower() for word in re.split(r"[\s,]+|(?=#)", typed))
    tags = tuple(dict.fromkeys(word for word in words if word))
    long = next((tag for tag in tags if len(tag) > MAX_TAG_LENGTH), None)
    if long:
        raise Refusal(f"The tag '{clip(long, 20)}' is too long: keep tags to {MAX_TAG_LENGTH} characters.", field)
    if len(tags) > MAX_TAGS:
        raise Refusal(f"A bet can have {MAX_TAGS} tags at most: leave some out.", field)
    return tags


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that looks most like `word`, if any does."""
    names = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower()[:60], names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def sparkline(values: Sequence[int | None]) -> str:
    """Confidences as bars from 0 to 100, a week without any as a thin dot: `▃▅·▇`; nothing where no week has one."""
    if all(value is None for value in values):
        return ""
    return "".join("·" if value is None else "▁▂▃▄▅▆▇█"[min(max(value, 0), 100) * 8 // 101] for value in values)


_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def undirected(text: str) -> str:
    """The text without the invisible characters that turn the direction of what stands beside it."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)  # most texts are, and that is known at once


_KEPT_WHOLE = re.compile(r"&(?:amp|lt|gt);|<[@#!][^<>\s]{1,80}>")
_LONGEST_KEPT = 90


def clip(text: str, limit: int) -> str:
    """At most `limit` characters; cut text ends in `…` and is never cut inside what Slack or a reader sees as one.

    That is: an entity such as `&amp;`, a mention, a surrogate pair, a letter with its accents, a joined emoji.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    while end > 0 and _inside_one(text, end):
        end -= 1
    start = max(0, end - _LONGEST_KEPT)
    for whole in _KEPT_WHOLE.finditer(text, start, end + _LONGEST_KEPT):
        if whole.start() < end < whole.end():
            end = whole.start()
    return text[:end].rstrip() + ELLIPSIS


def _inside_one(text: str, at: int) -> bool:
    """Whether the characters before and at `at` belong together."""
    before, here = text[at - 1], text[at]
    if "\ud800" <= before <= "\udbff" and "\udc00" <= here <= "\udfff":
        return True
    if before == "\u200d" or here == "\u200d" or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    if _is_flag_half(before) and _is_flag_half(here):
        halves = len(text[:at]) - len(text[:at].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
        return halves % 2 == 1
    return unicodedata.category(here) in ("Mn", "Me", "Mc")


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_MARKED = re.compile(r"&(?:amp|lt|gt);|<([^<>]*)>")


def slack_unescape(text: str) -> str:
    """Slack's markup as the person typed it: entities, links, channels and `@here`; a mention stays `<@U1>`.

    One pass, so that a typed `&lt;` stays what it was.
    """
    return _MARKED.sub(lambda found: _ENTITIES.get(found[0]) or _typed(found[0], found[1]), text)


def _typed(marked: str, inner: str) -> str:
    target, bar, label = inner.partition("|")
    label = re.sub("&(?:amp|lt|gt);", lambda found: _ENTITIES[found[0]], label)
    target = re.sub("&(?:amp|lt|gt);", lambda found: _ENTITIES[found[0]], target)
    if target.startswith("@"):
        return f"<{target}>"
    if target.startswith("#"):
        return f"#{label}" if label else marked
    if target.startswith("!"):
        return label or ("@" + target[1:] if target in ("!here", "!channel", "!everyone") else marked)
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.I):
        return _link(target, label) if bar else target
    return marked


def _link(target: str, label: str) -> str:
    """A link that Slack made of typed text is that text; one with words of its own keeps both."""
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", target).rstrip("/")
    return label if label.rstrip("/") in (bare, target.rstrip("/")) else f"{label} ({target})"
