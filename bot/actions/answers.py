"""How an answer is recorded, whichever way it was given: by form, command, press, reply or import."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.refreshing import refresh_after
from bot.domain.answers import NO_CHANGE, QUESTION, Content, Version, read_versions
from bot.domain.calendar import Week, next_due, schedule_of, week_of
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Checkin, Team, Update
from bot.domain.words import clip
from bot.domain.zones import local_date
from bot.holidays import holidays_around
from bot.store import checkins, updates

_NOT_LIVE = {
    "paused": "is paused: resume it first, then answer.",
    "lapsed": "has lapsed and waits for a decision: bet again or end it.",
    "idea": "is only an idea yet: start it first.",
    "scoped": "is not started yet: start it first.",
}


@dataclass(frozen=True)
class Recorded:
    """What became of an answer: as it reads now. `early`: its week has not been asked about yet."""

    update: Update
    early: bool = False


def do_answer(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, given: Content, source: str
) -> Recorded:
    """Records what an owner says of a bet (`source`: modal or command): a new version of this week's update.

    What is None in `given` is left as it was.
    """
    refuse_answer(actor, team, bet)
    return _record_now(tx, now, actor, team, bet, given, source, second_opinion=False)


def do_give_opinion(
    tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, confidence: int, text: str | None
) -> Recorded:
    """Records the second opinion of somebody who does not own the bet."""
    refuse_opinion(actor, team, bet)
    return _record_now(tx, now, actor, team, bet, Content(text, confidence), "modal", second_opinion=True)


def do_say_no_change(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, checkin_id: int) -> Recorded:
    """Records "no change" with the confidence the person gave last, unless they have answered this week already."""
    refuse_answer(actor, team, bet)
    newest = checkins.get_newest_checkin(tx, team.id)
    if newest is None or newest.id != checkin_id:
        raise Refusal(f"A newer check-in has been opened since: answer {bet.key} there.")
    known = updates.get_update(tx, bet.id, actor.user, newest.week)
    if known is not None and not known.deleted:
        raise Refusal(f"You have answered on {bet.key} this week already, so nothing was changed.")
    last = updates.list_latest(tx, actor.user, [bet.id]).get(bet.id)
    given = Content(NO_CHANGE, last.confidence if last else None)
    return _record_now(tx, now, actor, team, bet, given, "no_change", second_opinion=False)


def do_give_confidence(
    tx: Connection, now: datetime, actor: Actor, update_id: int, confidence: int
) -> tuple[str, Update]:
    """Adds the confidence to the update that somebody just gave by a reply; returns the bet's key too."""
    placed = updates.get_placed_update(tx, update_id)
    if placed is None or placed[0].user != actor.user:
        raise Refusal("That is not your update: only its author can say how sure they are.")
    known, team_id, key = placed
    if known.deleted:
        raise Refusal("That update was taken back, so nothing was changed.")
    if known.confidence == confidence:
        return key, known
    version = Version(None, confidence, None, None, "thread", None, now)
    saved = _add_version(tx, known, version)
    refresh_after(tx, team_id, saved)
    return key, saved


def refuse_answer(actor: Actor, team: Team, bet: Bet) -> None:
    """Refuses whoever may not answer on this bet now."""
    role = actor.role(team, bet.owners)
    if role == "none":
        raise Refusal(f"There is no {bet.key} here.")
    if actor.user not in bet.owners:
        other = "" if role == "guest" else " You can give a second opinion on its card."
        raise Refusal(f"{bet.key} is not yours, so its owners answer for it.{other}")
    _refuse_ended(bet)


def refuse_opinion(actor: Actor, team: Team, bet: Bet) -> None:
    """Refuses whoever may not give a second opinion on this bet now."""
    role = actor.role(team, bet.owners)
    if role == "none":
        raise Refusal(f"There is no {bet.key} here.")
    if actor.user in bet.owners:
        raise Refusal(f"You own {bet.key}: use Answer, second opinions are for everybody else.")
    if role == "guest":
        raise Refusal("Guests answer for bets they own, and give no second opinions: ask a member.")
    _refuse_ended(bet)


def _refuse_ended(bet: Bet) -> None:
    if bet.status != "live":
        raise Refusal(say_why_not(bet))


def say_why_not(bet: Bet) -> str:
    """Why a bet takes no answers, and what to do; nothing for one that is live and takes them."""
    if bet.status == "live":
        return ""
    why = _NOT_LIVE.get(bet.status, f"was {bet.status}, so it takes no more answers.")
    return f"{bet.key} {clip(bet.title, 80)} {why}"


def _record_now(
    tx: Connection,
    now: datetime,
    actor: Actor,
    team: Team,
    bet: Bet,
    given: Content,
    source: str,
    *,
    second_opinion: bool,
) -> Recorded:
    checkin, week = week_for_answer(tx, now, team, bet, actor.user, second_opinion=second_opinion)
    late = checkin is not None and checkin.closed_at is not None
    version = Version(given.text, given.confidence, given.days, given.blocked_by, source, None, now)
    saved = record(tx, now, bet, actor.user, week, version, late=late, second_opinion=second_opinion)
    refresh_after(tx, team.id, saved)
    return Recorded(saved, early=checkin is None)


def week_for_answer(
    tx: Connection, now: datetime, team: Team, bet: Bet, user: str, *, second_opinion: bool = False
) -> tuple[Checkin | None, str]:
    """Which week an answer given now belongs to, with its check-in, None if that is still to come.

    The open one; after its close that one too for whoever owes it an answer (late), else the next (early).
    """
    newest = checkins.get_newest_checkin(tx, team.id)
    if newest is not None and newest.closed_at is None:
        return newest, newest.week
    if newest is not None:
        known = updates.get_update(tx, bet.id, user, newest.week, second_opinion=second_opinion)
        owed = checkins.get_prompt(tx, newest.id, bet.id) is not None and (known is None or known.deleted)
        if owed and not second_opinion:
            return newest, newest.week
    return None, _next_week(now, team, newest)


def _next_week(now: datetime, team: Team, newest: Checkin | None) -> str:
    """The week of the next check-in; of a team that holds none, the present week."""
    holidays = holidays_around(team.country, local_date(now, team.zone))
    due = next_due(schedule_of(team, holidays), now)["checkin"]
    week = week_of(due, team.zone) if due else week_of(now, team.zone)
    if newest is not None and week.label <= newest.week:
        week = Week.parse(newest.week).next
    return week.label


def record(
    tx: Connection,
    now: datetime,
    bet: Bet,
    user: str,
    week: str,
    version: Version,
    *,
    late: bool = False,
    question: str = QUESTION,
    second_opinion: bool = False,
) -> Update:
    """One more version of a person's update on a bet for a week; nothing that was said before is lost."""
    known = get_or_insert(tx, now, bet, user, week, late=late, question=question, second_opinion=second_opinion)
    return _add_version(tx, known, version)


def get_or_insert(
    tx: Connection,
    now: datetime,
    bet: Bet,
    user: str,
    week: str,
    *,
    late: bool,
    question: str = QUESTION,
    second_opinion: bool = False,
) -> Update:
    """The person's update of that week, without a version if it is new; one that was taken back begins anew."""
    known = updates.get_update(tx, bet.id, user, week, second_opinion=second_opinion)
    if known is None:
        values = {"late": late, "question": question, "second_opinion": second_opinion, "deleted": True}
        updates.insert_update(tx, now, bet.id, user, week, **values)
    elif known.deleted:
        updates.update_update(tx, known.id, late=late, question=question, created_at=now)
    found = updates.get_update(tx, bet.id, user, week, second_opinion=second_opinion)
    assert found is not None
    return found


def _add_version(tx: Connection, update: Update, version: Version) -> Update:
    earlier = updates.list_versions(tx, update.id)
    return save_versions(tx, update, [*earlier, version], stored=len(earlier))


def save_versions(tx: Connection, update: Update, versions: list[Version], stored: int = 0) -> Update:
    """Makes these the update's versions, and the update what they say together; the first `stored` stand already."""
    content = read_versions(versions)
    alive = [version for version in versions if version.alive]
    told = [version for version in alive if version.text is not None] or alive
    values: dict[str, Any] = {"text": content.text, "confidence": content.confidence, "days": content.days}
    values |= {"blocked_by": content.blocked_by, "deleted": not alive, "version": max(1, len(versions))}
    # Whose the words are: "no change" to which only a number was added is still no change.
    values["source"] = told[-1].source if told else update.source
    updates.update_versions_to(tx, update.id, versions, stored)
    updates.update_update(tx, update.id, **values)
    return replace(update, **values)
