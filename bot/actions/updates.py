"""*My updates*: which bets the form asks a person about, in which order, and what becomes of it when it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.answers import Recorded, do_answer, refuse_answer
from bot.domain.answers import Content, middle
from bot.domain.calendar import week_of
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Team, Update
from bot.domain.scoping import Assumption
from bot.domain.words import parse_confidence, parse_confidence_field, parse_days
from bot.render.updates import BLOCKED, CONFIDENCE, DAYS, TEXT, UpdatesForm, count_fitting
from bot.store import checkins, updates
from bot.store.bets import list_bets_by_id, list_team_bets
from bot.store.scopes import list_due_assumptions

NO_BETS = "You own no live bet in this team, so there is nothing to answer. A second opinion is welcome on any card."
NOTHING_TYPED = "Nothing is filled in yet: say what you know now, or close the form."


def get_updates_form(
    tx: Connection,
    now: datetime,
    actor: Actor,
    team: Team,
    only: Sequence[int] | None = None,
    noted: Mapping[int, Assumption] | None = None,
) -> UpdatesForm:
    """The form for a person's live bets and for those of others whose due assumptions are theirs, or for those in
    `only` in that order; as many as fit, at most ten.

    First those of which only the confidence is open, then what is unanswered or due, then the rest. `noted` is what was
    answered in the form a moment ago.
    """
    live, noted = list_team_bets(tx, team.id, ("live",)), noted or {}
    due = _list_due(tx, now, actor, team, live)
    mine = [bet for bet in live if actor.user in bet.owners or bet.id in due or bet.id in noted]
    newest = checkins.get_newest_checkin(tx, team.id)
    earlier = updates.list_latest(tx, actor.user, [bet.id for bet in mine])
    week = newest.week if newest else None
    asked = {bet.id for bet in mine if actor.user not in bet.owners}
    if only is None:
        order = sorted(mine, key=lambda bet: (_urgency(earlier.get(bet.id), week, bet.id in due), bet.number))
    else:
        order = sorted((bet for bet in mine if bet.id in only), key=lambda bet: only.index(bet.id))
    if not order:
        raise Refusal(NO_BETS)
    fit = count_fitting(order, due, asked)
    bets, rest = order[:fit], [bet.id for bet in order[fit:]]
    said = {bet.id: earlier[bet.id] for bet in bets if bet.id in earlier}
    return UpdatesForm(team.id, bets, said, rest, week, due, asked, noted)


def _list_due(
    tx: Connection, now: datetime, actor: Actor, team: Team, live: Sequence[Bet]
) -> dict[int, list[Assumption]]:
    """The due assumptions that this person is asked about: all of their own bets, and theirs of others' bets."""
    owned = {bet.id for bet in live if actor.user in bet.owners}
    found = list_due_assumptions(tx, [bet.id for bet in live], week_of(now, team.zone).sunday)
    asked = {
        bet_id: [one for one in due if bet_id in owned or one.owner == actor.user] for bet_id, due in found.items()
    }
    return {bet_id: due for bet_id, due in asked.items() if due}


def get_form_again(
    tx: Connection, now: datetime, actor: Actor, team: Team, shown: Any, rest: Any, answered: Assumption
) -> UpdatesForm | None:
    """An open form after an assumption was `answered` in it: the same bets, without the question; None where none of
    them is live any more, so that the form stays as it is."""
    try:
        form = get_updates_form(tx, now, actor, team, list(shown or []), {answered.bet_id: answered})
    except Refusal:
        return None
    return replace(form, rest=[*form.rest, *(rest or [])])


def _urgency(update: Update | None, week: str | None, due: bool) -> int:
    if update is None or week is None or update.week < week:
        return 1
    return 0 if update.confidence is None else 1 if due else 2


def get_answer_form(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> UpdatesForm:
    """The same form for one bet; refused to those who may not answer for it."""
    refuse_answer(actor, team, bet)
    return get_updates_form(tx, now, actor, team, [bet.id])


def get_opinion_facts(tx: Connection, actor: Actor, team: Team, bet: Bet) -> tuple[Update | None, int | None]:
    """The person's own second opinion of this week and, only if they gave one, the owners' number of it."""
    newest = checkins.get_newest_checkin(tx, team.id)
    if newest is None:
        return None, None
    week = updates.list_week(tx, [bet.id], newest.week)
    mine = next((update for update in week if update.second_opinion and update.user == actor.user), None)
    numbers = [update.confidence for update in week if not update.second_opinion and update.confidence is not None]
    return mine, middle(numbers) if mine is not None else None


@dataclass(frozen=True)
class Sent:
    """What a sent form did, and the bets still to be asked about."""

    recorded: Sequence[tuple[Bet, Recorded]]
    rest: Sequence[int]


def do_send_updates(
    tx: Connection,
    now: datetime,
    actor: Actor,
    team: Team,
    bet_ids: Sequence[int],
    rest: Sequence[int],
    typed: dict[str, Any],
) -> Sent:
    """Records everything that was filled in, or nothing and one refusal that names every wrong field.

    A bet that was left empty stays as it is and is asked about last, unless it was answered this week.
    """
    bets = {bet.id: bet for bet in list_bets_by_id(tx, bet_ids) if bet.team_id == team.id}
    wrong: dict[str, str] = {}
    given = {bet.id: _read(bet, typed, wrong) for bet in bets.values()}
    filled = {bet_id: content for bet_id, content in given.items() if content != Content()}
    for bet_id in filled:
        try:
            refuse_answer(actor, team, bets[bet_id])
        except Refusal as refusal:
            wrong.setdefault(_first_filled(bet_id, typed), f"{refusal.message} Nothing was saved yet.")
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)
    if not filled and not rest and bet_ids:
        raise Refusal(NOTHING_TYPED, f"{TEXT}:{bet_ids[0]}")
    recorded = [(bets[one], do_answer(tx, now, actor, team, bets[one], filled[one], "modal")) for one in filled]
    return Sent(recorded, [*rest, *_list_open(tx, actor, team, [one for one in bets if one not in filled])])


def _read(bet: Bet, typed: dict[str, Any], wrong: dict[str, str]) -> Content:
    def said(name: str) -> str | None:
        text = str(typed.get(f"{name}:{bet.id}") or "")
        return text if text.strip() else None

    text, values = said(TEXT), {}
    for name, parse in ((CONFIDENCE, parse_confidence_field), (DAYS, parse_days)):
        try:
            values[name] = parse(said(name), f"{name}:{bet.id}")
        except Refusal as refusal:
            wrong.update(refusal.fields)
    confidence, days = values.get(CONFIDENCE), values.get(DAYS)
    if confidence is None and text is not None:
        confidence = parse_confidence(text)
    return Content(text, None if confidence is None else int(confidence), days, said(BLOCKED))


def _first_filled(bet_id: int, typed: dict[str, Any]) -> str:
    names = [f"{name}:{bet_id}" for name in (TEXT, CONFIDENCE, BLOCKED, DAYS)]
    return next((name for name in names if str(typed.get(name) or "").strip()), names[0])


def _list_open(tx: Connection, actor: Actor, team: Team, bet_ids: Sequence[int]) -> list[int]:
    """Those of the bets that the person has not answered this week."""
    newest = checkins.get_newest_checkin(tx, team.id)
    week = updates.list_week(tx, bet_ids, newest.week) if newest else []
    answered = {update.bet_id for update in week if update.user == actor.user and not update.second_opinion}
    live = {bet.id for bet in list_bets_by_id(tx, bet_ids) if bet.status == "live" and actor.user in bet.owners}
    return [bet_id for bet_id in bet_ids if bet_id in live - answered]
