"""Editing a bet: what it says, who owns it, how long it may take, and when it should stop."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import refresh_card
from bot.actions.checkins import refresh_checkin
from bot.actions.demos import do_tell_demo
from bot.actions.nudges import refresh_criteria
from bot.actions.placing import BetForm, BetInput, plain_facts, read_form
from bot.actions.refreshing import refresh_owners
from bot.actions.rights import refuse_unless
from bot.domain.bets import is_over
from bot.domain.changes import differences
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.domain.scoping import LOCKED
from bot.domain.zones import local_date
from bot.render.bet_forms import bounds_line
from bot.render.kit import answer
from bot.store import bets as store
from bot.store.history import insert_bet_history, list_history
from bot.store.outbox import insert_post
from bot.store.people import get_name
from bot.store.scopes import get_scope
from bot.store.tables import history

_CHANGES = ("edited", "scope_locked", "scope_changed")
_AGREED: tuple[str, ...] = ("problem", "hypothesis", "appetite_weeks")
STALE = "{} this bet while you were editing, so nothing was saved. Copy your text, close and edit again."


def do_edit_bet(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, version: Any, form: BetForm
) -> tuple[Bet, list[str]]:
    """The bet as the form has it, and which of its facts changed; the card follows.

    `version` is the bet's when the form was opened: refused, with nothing changed, if it is not the bet's any more.
    """
    refuse_to_edit(actor, team, bet)
    given = _read(tx, now, team, bet, form)
    _refuse_agreed(tx, bet, given)
    if bet.version != version or not store.update_bet(tx, bet.id, bet.version, **given.values):
        raise _stale(tx, bet)
    store.update_owners(tx, bet.id, given.owners)
    store.update_criteria(tx, bet.id, given.criteria)
    changed = _keep_history(tx, now, actor, bet)
    refresh_card(tx, now, bet.id)
    refresh_checkin(tx, now, team.id)
    refresh_owners(tx, team.id, bet.owners, given.owners)
    refresh_criteria(tx, now, team, bet.id)
    after = store.get_bet(tx, bet.id)
    _do_tell_bounds(tx, now, actor, team, bet, after)
    do_tell_demo(tx, now, actor, team, bet, after)
    return after, changed


def _stale(tx: Connection, bet: Bet) -> Refusal:
    """Who changed what, beside the first field that is not as it was."""
    edits = list_history(tx, history.c.bet_id == bet.id, history.c.kind.in_(_CHANGES))
    names = [name for name in BetForm.__dataclass_fields__ if name in edits[-1].after] if edits else []
    if not names:
        return Refusal(STALE.format("Somebody changed"), "title")
    words = " and ".join(name.replace("_", " ") for name in names)
    return Refusal(STALE.format(f"{get_name(tx, edits[-1].by)} changed the {words} of"), names[0])


def _do_tell_bounds(tx: Connection, now: datetime, actor: Actor, team: Team, before: Bet, after: Bet) -> None:
    """Tells the thread of another appetite or other kill criteria: quietly moved, they would hide what was sunk."""
    line = bounds_line(actor.person.name, before, after)
    if line and after.card_id is not None:
        key = f"edited:{after.id}:{after.version}"
        insert_post(tx, now, key, answer(line), team_id=team.id, channel=team.channel, parent_id=after.card_id)


def refuse_to_edit(actor: Actor, team: Team, bet: Bet) -> None:
    """Members edit what has not ended."""
    refuse_unless(actor, team, "edit", bet.owners)
    if is_over(bet.status):
        raise Refusal(f"{bet.key} is {bet.status}, and what it said then stays as it was.")


def _refuse_agreed(tx: Connection, bet: Bet, given: BetInput) -> None:
    """What a locked scope agreed on is changed by its next version alone; of an idea, what its draft says there."""
    scope = get_scope(tx, bet.id)
    if scope is None or (scope.version == 1 and scope.status != LOCKED and bet.status != "idea"):
        return
    how = f"This is in the scope of {bet.key}: press Change scope and say why."
    names = _AGREED
    if bet.status == "idea":
        how, names = f"This is in the draft of the scope of {bet.key}: press Scope it.", (*_AGREED, "title")
    wrong = {name: how for name in names if given.values[name] != getattr(bet, name)}
    if [one.text for one in given.criteria] != [one.text for one in bet.kill_criteria]:
        wrong["kill_criteria"] = how
    if bet.status == "idea" and given.owners != bet.owners:
        wrong["owners"] = how
    if wrong:
        raise Refusal(how, fields=wrong)


def _read(tx: Connection, now: datetime, team: Team, bet: Bet, form: BetForm) -> BetInput:
    started = local_date(bet.appetite_started_at or bet.created_at, team.zone)
    given = read_form(tx, team, form, started, local_date(now, team.zone), bet)
    # People-weeks are reckoned with the owners of the start, so that a new owner does not change what was agreed.
    each_week = bet.appetite_people_weeks / bet.appetite_weeks
    values = given.values | {"appetite_people_weeks": each_week * given.values["appetite_weeks"]}
    return replace(
        given, values=values, criteria=keep_criteria(bet, given.criteria, given.values["appetite_weeks"], started)
    )


def keep_criteria(bet: Bet, given: Iterable[KillCriterion], weeks: int, started: date) -> tuple[KillCriterion, ...]:
    """A line that stayed as it was keeps its date and what was answered, whatever `by friday` would mean today.

    Only one that was due with the old appetite moves with the new one. One that happened is neither changed nor taken
    out: it stands before the others as it was.
    """
    before: dict[str, list[KillCriterion]] = {}
    for item in bet.kill_criteria:
        before.setdefault(item.text, []).append(item)
    old_end = started + timedelta(weeks=bet.appetite_weeks)
    moved = weeks != bet.appetite_weeks
    kept = []
    for item in given:
        same = before[item.text].pop(0) if before.get(item.text) else None
        moves = moved and same is not None and same.state != "failed" and same.due == old_end
        due = item.due if same is None or moves else same.due
        kept.append(replace(same, due=due) if same else item)
    lost = [one for left in before.values() for one in left if one.state == "failed"]
    return (*lost, *kept)


def _keep_history(tx: Connection, now: datetime, actor: Actor, bet: Bet) -> list[str]:
    before, after = differences(plain_facts(bet), plain_facts(store.get_bet(tx, bet.id)))
    if after:
        insert_bet_history(tx, now, bet, "edited", actor.user, before=before, after=after)
    return list(after)
