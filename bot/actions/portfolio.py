"""The summary of a team's bets: read for one person, or shared with everybody in the channel."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import list_facts
from bot.actions.portfolio_notes import list_advised, list_notes
from bot.actions.rights import refuse_unless
from bot.actions.silence import without_away
from bot.domain.appetite import weeks_run
from bot.domain.approval import Approval
from bot.domain.bets import NOT_STARTED, UNDER_WAY, days_total, is_ownerless, without_left
from bot.domain.calendar import week_of
from bot.domain.portfolio import portfolio_sentence, scope_flags
from bot.domain.records import Actor, Bet, Confidence, Team
from bot.domain.scope_state import weeks_running
from bot.domain.spending import Effort, spent_now
from bot.domain.summary import Filter, Line, reasons_for, within
from bot.domain.zones import local_date
from bot.render import portfolio as render
from bot.store import bets as bet_store
from bot.store.checkins import list_confidences
from bot.store.outbox import insert_post
from bot.store.people import get_person, list_left, list_names
from bot.store.portfolio import list_efforts
from bot.store.samples import list_thumbs
from bot.store.scopes import list_locks

FINISHED = ("shipped", "killed")
# In which order bets of different status stand.
_ORDER = {"live": 0, "lapsed": 0, "paused": 1, "scoped": 2, "idea": 3, "shipped": 4, "killed": 5}


@dataclass(frozen=True)
class Summary:
    """Every line of a summary, those that need a look first, and the portfolio in a sentence."""

    lines: list[Line]
    sentence: str
    asked_words: str = ""
    notes: tuple[str, ...] = ()

    @property
    def attention(self) -> list[Line]:
        """The bets that need a look, most pressing first."""
        return [line for line in self.lines if line.reasons]


def get_summary(tx: Connection, now: datetime, team: Team, asked: Filter, for_lead: bool = False) -> Summary:
    """The team's bets that were asked for, those that need a decision first, then silent and late ones; a fixed number
    of queries for any number. `for_lead`: with advice that only a lead is told."""
    statuses = UNDER_WAY + (FINISHED if asked.ended else ())
    bets = [bet for bet in bet_store.list_team_bets(tx, team.id, statuses) if asked.admits(bet)]
    ids = [bet.id for bet in bets]
    left = list_left(tx, team.id)
    confidences = without_away(tx, now, team, bets, left, list_confidences(tx, team, ids, now))
    efforts = list_efforts(tx, ids)
    names = list_names(tx, {user for bet in bets for user in bet.owners} | ({asked.user} if asked.user else set()))
    endings = bet_store.list_standing_decisions(tx, ids)
    advised = list_advised(tx, team, [bet for bet in bets if bet.status == "live"], for_lead)
    locks = list_locks(tx, ids)
    # The newest verdict of each bet: they come oldest first.
    approvals = {one.bet_id: Approval(0, one.up, one.down, 0) for one in list_thumbs(tx, team.id)}
    ranked = []
    for bet in bets:
        said, effort = confidences[bet.id], efforts[bet.id]
        if bet.status in FINISHED and bet.id in endings:
            said = said._replace(last_learning=endings[bet.id].learning)
        said = within(said, week_of(now, team.zone), asked.weeks)
        rank, line = _line(bet, said, effort, now, team, names, advised.get(bet.id), is_ownerless(bet, left))
        flags = _flags(bet, locks.get(bet.id, 0), now)
        ranked.append((rank, replace(line, flags=flags, approval=approvals.get(bet.id))))
    ranked.sort(key=lambda item: (item[0], _ORDER[item[1].bet.status], item[1].bet.number))
    lines = [line for _, line in ranked]
    live = [line for line in lines if line.bet.status == "live"]
    sentence = portfolio_sentence([(without_left(line.bet, left), line.spent) for line in live])
    # Of the whole portfolio only where the whole of it is shown.
    notes = list_notes(tx, now, team, live) if asked.user is None and asked.tag is None else ()
    return Summary(lines, sentence, asked.in_words(names.get(asked.user or "")), notes)


def _line(
    bet: Bet,
    said: Confidence,
    effort: Effort,
    now: datetime,
    team: Team,
    names: dict[str, str],
    advised: tuple[int, str] | None,
    ownerless: bool,
) -> tuple[int, Line]:
    used, appetite = weeks_run(bet, now, team.zone), days_total(bet, team.zone) / 7
    reasons = reasons_for(bet, said, used, appetite, local_date(now, team.zone), ownerless=ownerless)
    if advised:
        reasons = tuple(sorted((*reasons, advised)))
    spent = spent_now(bet, effort, now, team.zone)
    owners = tuple(names.get(user, user) for user in bet.owners)
    line = Line(
        bet, said, owners, used, appetite, spent, bet.appetite_people_weeks, tuple(text for _, text in reasons),
        ownerless=ownerless,
    )  # fmt: skip
    return (reasons[0][0] if reasons else 99), line


def _flags(bet: Bet, locks: int, now: datetime) -> tuple[str, ...]:
    unscoped = weeks_running(bet, now) if not locks and bet.status == "live" else None
    return scope_flags(unscoped, max(0, locks - 1))


def do_summarize(tx: Connection, now: datetime, actor: Actor, team: Team, asked: Filter, link: str) -> dict[str, Any]:
    """The first page for the one who asks; its chart goes to their DM, once as long as it stays the same."""
    refuse_unless(actor, team, "summary")
    found = get_summary(tx, now, team, asked, actor.role(team) == "lead")
    if not found.lines:
        return _nothing_runs(tx, now, actor, team, asked)
    page = _page(now, team, found, asked)
    _send_chart(tx, now, actor, team, page)
    return render.summary_message(page, link)


def _nothing_runs(tx: Connection, now: datetime, actor: Actor, team: Team, asked: Filter) -> dict[str, Any]:
    """What there is while no bet runs: those that are being scoped, else those that have ended, else nothing yet."""
    bets = [bet for bet in bet_store.list_team_bets(tx, team.id, (*NOT_STARTED, *FINISHED)) if asked.admits(bet)]
    begun = [bet for bet in bets if bet.status in NOT_STARTED]
    if begun:
        return render.scoping_message(list_facts(tx, now, team, begun), len(begun))
    owner = get_person(tx, asked.user) if asked.user else None
    return render.empty_message(asked, can_place=True, ended=bool(bets), asker=actor.user, owner=owner)


def get_summary_page(
    tx: Connection, now: datetime, actor: Actor, team: Team, asked: Filter, page: int, link: str
) -> dict[str, Any]:
    """That page (from 0) of the summary."""
    refuse_unless(actor, team, "summary")
    found = get_summary(tx, now, team, asked, actor.role(team) == "lead")
    return render.summary_message(_page(now, team, found, asked, page), link)


def do_share_summary(
    tx: Connection, now: datetime, actor: Actor, team: Team, asked: Filter, page: int, key: str
) -> None:
    """Posts the page that they look at, with its chart, in the team's channel, naming who shared it; once for each
    press (`key`)."""
    refuse_unless(actor, team, "summary")
    shown = _page(now, team, get_summary(tx, now, team, asked), asked, page)
    payload = render.shared_message(shown, actor.person.name, _picture(shown))
    insert_post(tx, now, f"summary:{key}", payload, team_id=team.id, channel=team.channel)


def _page(now: datetime, team: Team, found: Summary, asked: Filter, page: int = 0) -> render.Page:
    return render.Page(
        channel=team.channel,
        week=week_of(now, team.zone).label,
        asked=asked,
        asked_words=found.asked_words,
        lines=found.lines,
        attention=found.attention,
        sentence=found.sentence,
        notes=found.notes,
        page=page,
    )


def _picture(page: render.Page) -> dict[str, Any]:
    lines = render.lines_of(page)
    data, alt = render.chart_data(lines), render.chart_alt(lines)
    return {"chart": "summary", "data": data, "alt": alt, "title": "Bets: confidence and effort"}


def _send_chart(tx: Connection, now: datetime, actor: Actor, team: Team, page: render.Page) -> None:
    picture = _picture(page)
    shown = [page.asked_words, picture["data"]] if page.asked_words else picture["data"]
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
    key = f"chart:{actor.user}:{team.id}:{digest}"
    payload = render.chart_message(render.chart_words(page), picture)
    insert_post(tx, now, key, payload, team_id=team.id, user=actor.user)
