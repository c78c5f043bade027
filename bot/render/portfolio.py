"""The summary: what needs a look first, then each bet in a line, with what was learned last in a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.calendar import say_week
from bot.domain.records import Person
from bot.domain.summary import Filter, Line
from bot.domain.words import sparkline
from bot.render import kit
from bot.render.bet_lists import MESSAGE_TEXT, page_of, pager
from bot.render.bets import BetFacts, first_week_words, heading, owner_words, scope_status
from bot.render.ids import Act

# Bets on a page, which is also how many a chart tells apart; fewer where their words would not fit in one message.
PAGE = 20
SCOPED = 10
ATTENTION = 8


@dataclass(frozen=True)
class Page:
    """A summary and which of its pages (from 0) is looked at. `sentence` is the portfolio in words."""

    channel: str
    week: str
    asked: Filter
    asked_words: str
    lines: Sequence[Line]
    attention: Sequence[Line]
    sentence: str
    page: int = 0
    notes: Sequence[str] = ()

    @property
    def total(self) -> int:
        """How many bets there are on all pages."""
        return len(self.lines)


def summary_message(page: Page, chart_link: str = "") -> dict[str, Any]:
    """The summary for the one who asked; `chart_link` is a link of ours."""
    shown = _shown(page)
    blocks = _body(page, shown)
    if chart_link:
        blocks.append(kit.context(f"<{chart_link}|The chart is in our direct message.>"))
    return kit.message(_fallback(page, shown), [*blocks, _buttons(page, shown)] if page.total else blocks)


def shared_message(page: Page, sharer: str, picture: dict[str, Any]) -> dict[str, Any]:
    """The page in the channel, with its chart; says who shared it (a name, escaped here) and what is not in it."""
    shown = _shown(page)
    some = f" · bets {shown.first + 1} to {shown.last} of {page.total}, `/bets summary` shows all of them"
    said = kit.context(f"Shared by {kit.esc_line(sharer, 80)}{some if shown.pages > 1 else ''}")
    return kit.message(_fallback(page, shown), [*_body(page, shown), said]) | {"picture": picture}


def chart_words(page: Page) -> str:
    """What the chart shows, what was asked for, and which bets where it is not all of those."""
    shown, words = _shown(page), f"Confidence and effort, {say_week(page.week)}{_asked(page)}"
    return f"{words}, bets {shown.first + 1} to {shown.last} of {page.total}" if shown.pages > 1 else words


def chart_message(words: str, picture: dict[str, Any]) -> dict[str, Any]:
    """The chart alone, for the DM."""
    return kit.message(words, [kit.section(words)]) | {"picture": picture}


def scoping_message(facts: Sequence[BetFacts], total: int) -> dict[str, Any]:
    """No bet runs, but some are being scoped: each with how far it is."""
    lines = [f"• {heading(one.bet)} · {scope_status(one)} · {kit.esc_line(one.owner_names(), 80)}" for one in facts]
    more = [f"and {total - SCOPED} more: `/bets list` shows them"] if total > SCOPED else []
    count = "1 is being scoped" if total == 1 else f"{total} are being scoped"
    text = f"No bet runs yet; {count}. One that is locked is started with *Start* or `/bets start B-7`."
    return kit.message(
        f"No bet runs yet; {count}", [kit.section(text), kit.section("\n".join([*lines[:SCOPED], *more]))]
    )


def empty_message(
    asked: Filter, can_place: bool, ended: bool = False, asker: str = "", owner: Person | None = None
) -> dict[str, Any]:
    """Nothing to sum up; `ended`: there are such bets, and none of them runs any more. `owner` is whose bets were asked
    for, if that person is known."""
    if asked.user or asked.tag:
        way = "add `all` to see those that have ended." if ended else "`/bets summary` shows all bets."
        return kit.answer(f"{_none_found(asked, asker, owner)}: {way}")
    text = "There are no bets yet. The first one takes a title and a problem."
    if ended:
        text = "No bet runs now. `/bets summary all` shows those that have ended."
    return (
        kit.answer(text, kit.actions(kit.button("New bet", Act.NEW_BET, style="primary")))
        if can_place
        else kit.answer(text)
    )


def _none_found(asked: Filter, asker: str, owner: Person | None) -> str:
    tag = f"#{kit.esc_line(asked.tag, 100)}" if asked.tag else ""
    if not asked.user:
        return f"No bet fits `summary {tag}{' all' if asked.ended else ''}`"
    known = kit.esc_line(owner.name, 80) if owner else "That person"
    who = "You own" if asked.user == asker else f"{known} owns"
    return f"{who} no {'' if asked.ended else 'open '}bet" + (f" tagged {tag}" if tag else "")


def lines_of(page: Page) -> Sequence[Line]:
    """The bets on that page."""
    shown = _shown(page)
    return page.lines[shown.first : shown.last]


def chart_data(lines: Sequence[Line]) -> dict[str, Any]:
    """What a chart of the bets on a page is drawn from, over the weeks they have."""
    labels = sorted({week for line in lines for week in line.confidence.weeks})
    bets = []
    for line in lines:
        values = dict(zip(line.confidence.weeks, line.confidence.spark, strict=False))
        bets.append({
            "key": line.bet.key,
            "title": line.bet.title,
            "confidence": [values.get(week) for week in labels],
            "spent": round(line.spent, 2),
            "appetite": round(line.spent_appetite, 2),
        })  # fmt: skip
    return {"weeks": labels, "bets": bets}


def chart_alt(lines: Sequence[Line]) -> str:
    """The chart in words, for those who cannot see it."""
    said = [f"{line.bet.key} {line.confidence.value}%" for line in lines if line.confidence.value is not None]
    return "Confidence by week and people-weeks spent of each bet. Newest confidence: " + (
        ", ".join(said) or "none yet"
    )


@dataclass(frozen=True)
class _Shown:
    """Which page it is of how many, from 0, and its bets: from `first` to before `last`."""

    page: int
    pages: int
    first: int
    last: int

    @property
    def where(self) -> str:
        return f", page {self.page + 1} of {self.pages}" if self.pages > 1 else ""


def _shown(page: Page) -> _Shown:
    """Pages are filled one after the other, each as far as a message takes it; one that is gone is the last."""
    starts, room = [0], MESSAGE_TEXT - _length([*_above(page), *_below(page)])
    for place, line in enumerate(page.lines):
        size = len(_line(line))
        if place > starts[-1] and (size > room or place - starts[-1] == PAGE):
            starts.append(place)
            room = MESSAGE_TEXT
        room -= size
    at, pages = page_of(len(starts), 1, page.page)
    return _Shown(at, pages, starts[at], (*starts, page.total)[at + 1])


def _length(blocks: Sequence[kit.Block]) -> int:
    texts = [text for block in blocks for text in (block.get("text"), *block.get("elements", ())) if text]
    return sum(len(text["text"]) for text in texts)


def _fallback(page: Page, shown: _Shown) -> str:
    bets = "1 bet" if page.total == 1 else f"{page.total} bets"
    need = "needs" if len(page.attention) == 1 else "need"
    looks = f"{len(page.attention)} {need} a look" if page.attention else "none needs a look"
    return f"Bets, {say_week(page.week)}: {bets}, {looks}{shown.where}"


def _body(page: Page, shown: _Shown) -> list[kit.Block]:
    title = kit.section(f"*Bets, {say_week(page.week)}*{_asked(page)}{shown.where}")
    lines = [kit.section(_line(line)) for line in page.lines[shown.first : shown.last]]
    return [title, *lines] if shown.page else [title, *_above(page), *lines, *_below(page)]


def _asked(page: Page) -> str:
    """Whose bets, or which, where it is not all of them."""
    return f", {kit.esc_line(page.asked_words, 100)}" if page.asked_words else ""


def _above(page: Page) -> list[kit.Block]:
    """What stands on the first page alone, before its bets: those that need a look."""
    shown = [_attention(line) for line in page.attention[:ATTENTION]]
    more = len(page.attention) - len(shown)
    looks = kit.section("*Needs a look*\n" + "\n".join([*shown, f"and {more} more"] if more else shown))
    return [looks, kit.divider()] if page.attention else []


def _below(page: Page) -> list[kit.Block]:
    """What stands on the first page alone, under its bets: the portfolio in words."""
    said = [page.sentence, *(kit.esc_line(note, 300) for note in page.notes)]
    return [kit.context("\n".join(said))] if page.sentence else []


def _attention(line: Line) -> str:
    return f"• *{line.bet.key}* {kit.esc_line(line.bet.title, 60)}: {kit.esc_line('; '.join(line.reasons), 150)}"


def _line(line: Line) -> str:
    bet, confidence = line.bet, line.confidence
    sure = _no_confidence(line) if confidence.value is None else f"*{confidence.value}%*"
    change = f" ({line.change:+d})" if line.change else ""
    second = f", second opinion {confidence.opinions}%" if confidence.opinions is not None else ""
    bars = sparkline(confidence.spark)
    spark = f" {bars}" if bars else ""
    status = "".join(f" · {word}" for word in (*([] if bet.status == "live" else [bet.status]), *line.flags))
    weeks = f"{line.used:.1f} of {round(line.appetite, 1):g} weeks"
    owners = kit.esc_line(owner_words(line.owners, line.ownerless), 80)
    looked = line.approval
    approval = f" · {looked.good} of {looked.votes} looked right" if looked and looked.enough else ""
    said = f"{sure}{change}{second}{spark} · {weeks} · {owners}{approval}{status}"
    text = f"*{bet.key}* {kit.esc_line(bet.title, 80)} · {said}"
    learning = "\n" + learning_line(confidence.last_learning) if confidence.last_learning else ""
    return text + learning


def _no_confidence(line: Line) -> str:
    first = first_week_words(line.confidence) if line.bet.status in ("live", "paused") else ""
    return f"-{first}" if first else "no confidence yet"


def learning_line(text: str) -> str:
    """What somebody said last, as a line of its own: found again by these words when it is taken back."""
    return f"_Last learned_ {kit.esc_line(text, 160)}"


def _buttons(page: Page, shown: _Shown) -> kit.Block:
    value = {"words": page.asked.words, "channel": page.channel}
    share = kit.button("Share in channel", Act.SUMMARY_SHARE, value | {"page": shown.page}, style="primary")
    turns = pager(value, shown.page, shown.pages, Act.SUMMARY_PAGE, far=True)
    return kit.actions(share, *(button for block in turns for button in block["elements"]))
