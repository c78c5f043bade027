"""Bets in lists: `/bets list`, `/bets show` and `/bets history`, paged within Slack's limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.bets import days_total, is_over
from bot.domain.calendar import say_week
from bot.domain.records import Bet
from bot.domain.words import clip
from bot.domain.zones import describe_date, describe_instant, local_date
from bot.render import kit
from bot.render.bets import BetFacts, card_message, confidence_words, heading, status_parts
from bot.render.decided import WORDS
from bot.render.hindsight import VERDICTS
from bot.render.ids import Act

LIST_PAGE, HISTORY_PAGE = 20, 10
# So many lines a paragraph, so long each: a paragraph stays below what Slack takes.
_LIST_LINES, _HISTORY_LINES = 7, 3
# Slack publishes no figure for a whole message; it has taken 9,500 characters in all blocks and refused 11,300.
MESSAGE_TEXT = 9_000
# What happens to a bet beside what is decided about it.
_DONE = {kind: words.did for kind, words in WORDS.items()} | {
    "placed": "placed it",
    "imported": "imported it",
    "scope_begun": "began its scope",
    "scope_review": "asked for sign-off of its scope",
    "scope_taken_back": "took its scope back from review by an edit",
    "scope_locked": "signed off its scope",
    "scope_changed": "signed off a changed scope",
    "scope_dropped": "dropped a change of its scope",
    "scope_conflict": "typed into its scope while somebody else did",
    "snoozed": "put its nudge off",
    "start_vote": "said whether they would start it today",
}
# What happens to a prediction set, whose label and metric stand beside it unless a blind comparison hides them.
OF_SETS = {
    "prediction_set": "added a prediction set",
    "prediction_metric": "gave a prediction set its metric",
    "prediction_set_deleted": "deleted a prediction set",
}
_NAMES = {"criterion": "kill criterion", "assumption": "assumption"}
# Answers, as people press them.
_ANSWERED = {"failed": "it happened", "passed": "it did not happen", "open": "not known yet",
             "holds": "verified", "false": "false", "untested": "still unknown"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a bet. `by` is a person's id or the clock; before and after hold what changed."""

    at: datetime
    kind: str
    by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def page_of(count: int, size: int, page: int) -> tuple[int, int]:
    """(page, pages): a page that exists, from 0, and how many there are."""
    pages = max(1, -(-count // size))
    return min(max(page, 0), pages - 1), pages


def list_message(
    facts: Sequence[BetFacts], page: int, pages: int, total: int, team_id: int, everything: bool
) -> dict[str, Any]:
    """One page of the team's bets, one line each; with none at all the way to the first."""
    if not total:
        text = "No bets here yet." if everything else "No open bets here. `/bets list all` shows the ended ones too."
        return kit.answer(text, kit.actions(new_bet_button(team_id)))
    lines = [_line(one) for one in facts]
    what = "bets of this team" if everything else "open bets"
    title = f"{total} {what}" if total > 1 else f"1 {what.replace('bets', 'bet')}"
    where = f", page {page + 1} of {pages}" if pages > 1 else ""
    blocks = [kit.section(f"*{title}*{where}"), *_paragraphs(lines, _LIST_LINES)]
    value = {"what": "list", "team": team_id, "all": everything}
    return kit.message(f"{title}{where}", [*blocks, *pager(value, page, pages, far=True)])


def new_bet_button(team_id: int) -> kit.Block:
    """The way to a bet."""
    return kit.button("New bet", Act.NEW_BET, {"team": team_id}, style="primary")


def _line(facts: BetFacts) -> str:
    bet = facts.bet
    parts = status_parts(facts)
    if bet.status in ("live", "paused"):
        parts.append(confidence_words(facts.confidence))
    owners = kit.esc_line(facts.owner_names(), 100)
    return f"*{bet.key}* {kit.esc_line(bet.title, 120)} · {' · '.join(parts)} · {owners}"


def _paragraphs(lines: Sequence[str], size: int) -> list[kit.Block]:
    return [kit.section("\n".join(lines[start : start + size])) for start in range(0, len(lines), size)]


def pager(
    value: dict[str, Any], page: int, pages: int, act: Act = Act.LIST_PAGE, *, far: bool = False
) -> list[kit.Block]:
    """*Previous* and *Next*, where there is one; `far`: *First* and *Last* too, where they lead farther than those."""
    turns = [("Previous", "previous", page - 1), ("Next", "next", page + 1)]
    if far and page > 1:
        turns.insert(0, ("First", "first", 0))
    if far and page < pages - 2:
        turns.append(("Last", "last", pages - 1))
    buttons = [
        kit.button(label, act, value | {"page": to}, suffix=suffix) for label, suffix, to in turns if 0 <= to < pages
    ]
    return [kit.actions(*buttons)] if buttons else []


def show_message(facts: BetFacts, tried: str = "", card_link: str | None = None) -> dict[str, Any]:
    """One bet in full, for one person; `tried` is what people said of its demo, in words of ours; `card_link` leads to
    its card, under which its thread is."""
    bet, card = facts.bet, card_message(facts)
    buttons = [block for block in card["blocks"] if block["type"] == "actions"]
    blocks = [block for block in card["blocks"] if block["type"] != "actions"]
    blocks += [kit.section(f"*Demo* {tried}")] if tried else []
    room = MESSAGE_TEXT - sum(len(block["text"]["text"]) for block in blocks)
    if facts.decision and facts.decision.reason:
        blocks += [kit.section("*Reason*"), kit.typed(facts.decision.reason, room // 3)]
    if bet.hypothesis:
        blocks += [kit.section("*Hypothesis*"), kit.typed(bet.hypothesis, min(kit.TEXT, room // 2))]
    placed = f"Placed by {kit.esc_line(facts.name(bet.author), 80)} on {describe_instant(bet.created_at, facts.zone)}"
    parts = [placed, _appetite(bet, facts.zone), f"`/bets history {bet.key}` tells its story"]
    parts += [kit.link(card_link, "its card and thread")] if card_link else []
    small = kit.context(" · ".join(parts))
    return kit.message(card["text"], [*blocks, small, *buttons])


def _appetite(bet: Bet, zone: str) -> str:
    """The appetite that runs now, or ran last: the one a bet was placed with may have been replaced since."""
    which = ("last " if is_over(bet.status) else "present ") if bet.appetite_started_at else ""
    days = days_total(bet, zone)
    return f"{which}appetite {days} days" if days % 7 else f"{which}appetite {_weeks(days // 7)}"


def history_message(
    bet: Bet, entries: Sequence[Entry], names: Mapping[str, str], zone: str, now: datetime, page: int, pages: int
) -> dict[str, Any]:
    """One page of what happened to a bet, oldest first; the zone stands above, and years other than this one."""
    where = f", page {page + 1} of {pages}" if pages > 1 else ""
    year = local_date(now, zone).year
    lines = [_entry_line(entry, names, zone, year) for entry in entries]
    title = f"History of {heading(bet)}{where}"
    blocks = [kit.section(f"*{title}*"), kit.context(f"Times in {zone}"), *_paragraphs(lines, _HISTORY_LINES)]
    return kit.message(title, [*blocks, *pager({"what": "history", "bet": bet.id}, page, pages)])


def _entry_line(entry: Entry, names: Mapping[str, str], zone: str, year: int) -> str:
    who = kit.esc_line(names.get(entry.by, "by itself" if entry.by == "clock" else entry.by), 80)
    day = describe_date(local_date(entry.at, zone)).removesuffix(f" {year}")
    return f"{day}, {entry.at.astimezone(ZoneInfo(zone)):%H:%M} · {who}: {_what(entry, names, zone)}"


def _what(entry: Entry, names: Mapping[str, str], zone: str) -> str:
    """What happened, in words; a value that is not what it should be (an import may bring any) is told as it is."""
    after = entry.after
    if entry.kind == "update":
        return _update(after, zone)
    if entry.kind == "note":
        return f"note: {_said(after.get('text'))}"
    if entry.kind in _NAMES:
        answer = _ANSWERED.get(str(after.get("state")), "no answer")
        return f"{_NAMES[entry.kind]} {_said(after.get('text'))}: {answer}"
    if entry.kind == "hindsight":
        return f"looking back eight weeks later: {VERDICTS.get(str(after.get('verdict')), 'no answer')}"
    if entry.kind in OF_SETS:
        return _of_set(entry)
    if entry.kind == "demo_try":
        return f"tried its demo: {_said(after.get('said'))}"
    if entry.kind == "edited":
        changes = [
            f"{_label(name)} {_value(entry.before.get(name), names)} → {_value(value, names)}"
            for name, value in after.items()
        ]
        return clip("changed " + "; ".join(changes), 600)
    until = f" until {_day(after['until'])}" if after.get("until") else ""
    weeks = f" for {_weeks(after['weeks'])}" if after.get("weeks") else ""
    said = [f"{name} {_said(after[name])}" for name in ("reason", "learning", "criterion") if after.get(name)]
    met = [f"met its success statement: {_value(after['outcome'], names)}"] if after.get("outcome") else []
    rails = [f"across a guard rail: {_value(after['rails'], names, 200)}"] if after.get("rails") else []
    done = _DONE.get(entry.kind, kit.esc_line(_label(entry.kind), 60))
    if entry.kind == "scope_begun" and str(after.get("version", 1)) != "1":
        done = "began a change of its scope"
    if entry.kind == "undo" and str(after.get("undone")) in WORDS:
        done = f"undid {WORDS[str(after['undone'])].deed}"
    both = [f"{_said(after.get('text'))} beside {_said(after['beside'])}"] if after.get("beside") else []
    return "; ".join([done + until + weeks, *both, *said, *met, *rails])


def _of_set(entry: Entry) -> str:
    expired = entry.kind == "prediction_set_deleted" and entry.by == "clock"
    done = "a prediction set was kept long enough and is deleted" if expired else OF_SETS[entry.kind]
    named = [_said(entry.after[name]) for name in ("label", "metric") if entry.after.get(name)]
    return f"{done}: {', '.join(named)}" if named else done


def _day(iso: object) -> str:
    try:
        return describe_date(date.fromisoformat(str(iso)))
    except ValueError:
        return kit.esc_line(str(iso), 40)


def _weeks(count: object) -> str:
    return f"{kit.esc_line(str(count), 10)} {'week' if count == 1 else 'weeks'}"


def _update(after: Mapping[str, Any], zone: str) -> str:
    kind = "second opinion" if after.get("second_opinion") else "update"
    week = say_week(after["week"])
    if after.get("deleted"):
        return f"{kind} for the {week}: taken back"
    version = f" (edited, version {after['version']})" if after.get("version", 1) > 1 else ""
    if after.get("opens_at"):
        when = describe_instant(after["opens_at"], zone)
        return f"{kind} for the {week}{version}: its words state a number, and that week's are shown from {when}"
    number = f" {after['confidence']}%" if after.get("confidence") is not None else ""
    text = f": {_said(after['text'])}" if after.get("text") else ""
    blocked = f" (blocked by {_said(after['blocked_by'], 100)})" if after.get("blocked_by") else ""
    return f"{kind} for the {week}{number}{version}{text}{blocked}"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _said(text: object, limit: int = 200) -> str:
    return f"“{kit.esc_line('' if text is None else str(text), limit)}”"


def _value(value: object, names: Mapping[str, str], limit: int = 120) -> str:
    if isinstance(value, (list, tuple)):
        shown = [str(item.get("text", item)) if isinstance(item, dict) else names.get(str(item), str(item))
                 for item in value]  # fmt: skip
        return kit.esc_line(", ".join(shown) or "none", limit)
    return kit.esc_line("" if value is None else str(value), limit) or "none"
