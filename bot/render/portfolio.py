"""The summary: what needs a look first, then each bet in a line, with what was learned last in a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.calendar import say_week
from bot.domain.records import Person
from bot.domain.slack_ids import is_user_id
from bot.domain.summary import Filter, Line
from bot.domain.words import sparkline
from bot.render import kit
from bot.render.bets import BetFacts, heading, scope_status
from bot.render.ids import Act

PAGE = 10
ATTENTION = 8
CHART_BETS = 20


@dataclass(frozen=True)
class Page:
    """One page of a summary of `total` bets. `chart_link` is a link of ours, `sentence` the portfolio in words."""

    channel: str
    week: str
    asked: Filter
    asked_words: str
    lines: Sequence[Line]
    attention: Sequence[Line]
    sentence: str
    start: int
    total: int
    notes: Sequence[str] = ()


def summary_message(page: Page, chart_link: str = "") -> dict[str, Any]:
    """The summary for the one who asked."""
    blocks = _body(page)
    if chart_link:
        blocks.append(kit.context(f"<{chart_link}|The chart is in our direct message.>"))
    return kit.message(_fallback(page), [*blocks, _buttons(page)] if page.total else blocks)


def shared_message(page: Page, sharer: str, picture: dict[str, Any]) -> dict[str, Any]:
    """The summary in the channel, with its chart; says who shared it (a name, escaped here)."""
    said = kit.context(f"Shared by {kit.esc_line(sharer, 80)}")
    return kit.message(_fallback(page), [*_body(page), said]) | {"picture": picture}


def chart_message(words: str, picture: dict[str, Any]) -> dict[str, Any]:
    """The chart alone, for the DM."""
    return kit.message(words, [kit.section(words)]) | {"picture": picture}


def scoping_message(facts: Sequence[BetFacts], total: int) -> dict[str, Any]:
    """No bet runs, but some are being scoped: each with how far it is."""
    lines = [f"• {heading(one.bet)} · {scope_status(one)} · {kit.esc_line(one.owner_names(), 80)}" for one in facts]
    more = [f"and {total - PAGE} more: `/bets list` shows them"] if total > PAGE else []
    count = "1 is being scoped" if total == 1 else f"{total} are being scoped"
    text = f"No bet runs yet; {count}. One that is locked is started with *Start* or `/bets start B-7`."
    return kit.message(f"No bet runs yet; {count}", [kit.section(text), kit.section("\n".join([*lines[:PAGE], *more]))])


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
    # Slack knows the name of somebody that we have not looked up yet, and a mention in a private answer calls nobody.
    known = kit.esc_line(owner.name, 80) if owner else f"<@{asked.user}>" if is_user_id(asked.user) else "That person"
    who = "You own" if asked.user == asker else f"{known} owns"
    return f"{who} no {'' if asked.ended else 'open '}bet" + (f" tagged {tag}" if tag else "")


def chart_data(lines: Sequence[Line]) -> dict[str, Any]:
    """What the summary's chart is drawn from: the first bets of the list, over the weeks they have."""
    shown = lines[:CHART_BETS]
    labels = sorted({week for line in shown for week in line.confidence.weeks})
    bets = []
    for line in shown:
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
    said = [
        f"{line.bet.key} {line.confidence.value}%" for line in lines[:CHART_BETS] if line.confidence.value is not None
    ]
    return "Confidence by week and people-weeks spent of each bet. Newest confidence: " + (
        ", ".join(said) or "none yet"
    )


def _fallback(page: Page) -> str:
    bets = "1 bet" if page.total == 1 else f"{page.total} bets"
    need = "needs" if len(page.attention) == 1 else "need"
    looks = f"{len(page.attention)} {need} a look" if page.attention else "none needs a look"
    return f"Bets, {say_week(page.week)}: {bets}, {looks}"


def _body(page: Page) -> list[kit.Block]:
    asked = f", {kit.esc_line(page.asked_words, 100)}" if page.asked_words else ""
    blocks = [kit.section(f"*Bets, {say_week(page.week)}*{asked}")]
    if page.attention and page.start == 0:
        shown = [_attention(line) for line in page.attention[:ATTENTION]]
        more = len(page.attention) - len(shown)
        blocks.append(kit.section("*Needs a look*\n" + "\n".join(shown + ([f"and {more} more"] if more else []))))
        blocks.append(kit.divider())
    blocks += [kit.section(_line(line)) for line in page.lines]
    if not page.sentence or page.start:
        return blocks
    return [*blocks, kit.context("\n".join([page.sentence, *(kit.esc_line(note, 300) for note in page.notes)]))]


def _attention(line: Line) -> str:
    return f"• *{line.bet.key}* {kit.esc_line(line.bet.title, 60)}: {kit.esc_line('; '.join(line.reasons), 150)}"


def _line(line: Line) -> str:
    bet, confidence = line.bet, line.confidence
    sure = "no confidence yet" if confidence.value is None else f"*{confidence.value}%*"
    change = f" ({line.change:+d})" if line.change else ""
    second = f", second opinion {confidence.opinions}%" if confidence.opinions is not None else ""
    spark = sparkline(list(confidence.spark))
    status = "".join(f" · {word}" for word in (*([] if bet.status == "live" else [bet.status]), *line.flags))
    weeks = f"{line.used:.1f} of {round(line.appetite, 1):g} weeks"
    owners = kit.esc_line(", ".join(line.owners), 80)
    looked = line.approval
    approval = f" · {looked.good} of {looked.votes} looked right" if looked and looked.enough else ""
    said = f"{sure}{change}{second} {spark} · {weeks} · {owners}{approval}{status}"
    text = f"*{bet.key}* {kit.esc_line(bet.title, 80)} · {said}"
    learning = "\n" + learning_line(confidence.last_learning) if confidence.last_learning else ""
    return text + learning


def learning_line(text: str) -> str:
    """What somebody said last, as a line of its own: found again by these words when it is taken back."""
    return f"_Last learned_ {kit.esc_line(text, 160)}"


def _buttons(page: Page) -> kit.Block:
    words = page.asked.words
    buttons = [
        kit.button("Share in channel", Act.SUMMARY_SHARE, {"words": words, "channel": page.channel}, style="primary")
    ]
    steps = (
        ("Previous", page.start - PAGE, page.start > 0),
        ("Next", page.start + PAGE, page.start + PAGE < page.total),
    )
    for label, start, there in steps:
        if there:
            value = {"words": words, "channel": page.channel, "start": start}
            buttons.append(kit.button(label, Act.SUMMARY_PAGE, value, suffix=label.lower()))
    return kit.actions(*buttons)
