"""The reminder by DM: once, to those who still owe an answer, a confidence, a sign-off or a look at an assumption, and
once more for who asked for it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection

from bot.actions.waiting import get_waiting
from bot.domain.calendar import Week, next_working_day, reminder_instant
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Checkin, Team
from bot.domain.zones import describe_instant, local_date
from bot.holidays import holidays_around
from bot.render import kit
from bot.render.checkins import done_message, reminder_message, snoozed_message
from bot.store import checkins
from bot.store.bets import list_bets_by_id
from bot.store.cards import list_card_links
from bot.store.occurrences import get_put_off, insert_occurrence
from bot.store.outbox import get_post_by_key, insert_post, list_posts, update_message
from bot.store.people import get_person, list_away, list_left
from bot.store.updates import list_week


def do_remind(tx: Connection, now: datetime, team: Team, user: str, day: date) -> None:
    """Reminds one person of what they still owe in the open check-in; nobody who is away, gone or done.

    The second time is the one they asked for, and the last: it cannot be put off again. Without an open check-in only a
    sign-off is waited for.
    """
    checkin = checkins.get_newest_checkin(tx, team.id)
    if user in list_left(tx, team.id) | list_away(tx, team, day):
        return
    if checkin is None or checkin.closed_at:
        _do_remind_reviewer(tx, now, team, user, Week.of(day))
        return
    unanswered, unsure = list_owed(tx, checkin, user)
    waiting = get_waiting(tx, team.id, user, Week.parse(checkin.week))
    if not unanswered and not unsure and not waiting:
        return
    first = get_post_by_key(tx, _key(checkin, user))
    again = first is not None
    cards = list_card_links(tx, waiting.sign_offs)
    message = reminder_message(
        team.channel, unanswered, unsure, checkin.id, waiting.sign_offs, waiting.due, snooze=not again, cards=cards
    )
    guard = {"if": "unanswered", "checkin": checkin.id, "user": user}
    insert_post(tx, now, _key(checkin, user, again=again), message, team_id=team.id, user=user, guard=guard)
    if first is not None:
        refresh_reminder(tx, now, team, user)


def _do_remind_reviewer(tx: Connection, now: datetime, team: Team, user: str, week: Week) -> None:
    sign_offs = get_waiting(tx, team.id, user, week).sign_offs
    if sign_offs:
        message = _sign_off_message(tx, team, sign_offs)
        guard = {"if": "sign_off_waits", "team": team.id, "user": user}
        insert_post(
            tx, now, f"{_sign_off_key(team, user)}{week.label}", message, team_id=team.id, user=user, guard=guard
        )


def _sign_off_message(tx: Connection, team: Team, sign_offs: Sequence[Bet]) -> dict[str, Any]:
    cards = list_card_links(tx, sign_offs)
    return reminder_message(team.channel, [], [], 0, sign_offs, snooze=False, team=team.id, cards=cards)


def _refresh_sign_off(tx: Connection, now: datetime, team: Team, user: str) -> None:
    """The newest reminder of a sign-off alone says what is still waited for, or thank you."""
    posts = list_posts(tx, team.id, _sign_off_key(team, user))
    if posts and (posts[-1].state != "pending" or posts[-1].attempts):
        sign_offs = get_waiting(tx, team.id, user, Week.of(local_date(now, team.zone))).sign_offs
        told = _sign_off_message(tx, team, sign_offs)
        update_message(
            tx, now, posts[-1].id, told if sign_offs else kit.answer("Thank you, no sign-off waits for you.")
        )


def _sign_off_key(team: Team, user: str) -> str:
    return f"remind_sign_off:{team.id}:{user}:"


def _key(checkin: Checkin, user: str, *, again: bool = False) -> str:
    return f"remind:{checkin.id}:{user}" + (":2" if again else "")


def list_owed(tx: Connection, checkin: Checkin, user: str) -> tuple[list[Bet], list[Bet]]:
    """The live bets on which the person owes an answer in this check-in, and those with the confidence alone open."""
    asked = [prompt.bet_id for prompt in checkins.list_prompts(tx, checkin.id)]
    bets = [bet for bet in list_bets_by_id(tx, asked) if bet.status == "live" and user in bet.owners]
    week = list_week(tx, [bet.id for bet in bets], checkin.week)
    answers = {update.bet_id: update for update in week if update.user == user and not update.second_opinion}
    unanswered = [bet for bet in bets if bet.id not in answers]
    return unanswered, [bet for bet in bets if bet.id in answers and answers[bet.id].confidence is None]


def refresh_reminder(tx: Connection, now: datetime, team: Team, user: str) -> None:
    """Makes the DM say what is still open, and thank you as soon as nothing is; one that was put off, once it came
    again, only until when."""
    _refresh_sign_off(tx, now, team, user)
    checkin = checkins.get_newest_checkin(tx, team.id)
    if checkin is None:
        return
    first, second = (get_post_by_key(tx, _key(checkin, user, again=again)) for again in (False, True))
    if first is None and second is None:
        return
    put_off, to_come = get_put_off(tx, team.id, user, Week.parse(checkin.week).monday)
    until = describe_instant(put_off, _zone(tx, team, user)) if put_off else ""
    unanswered, unsure = list_owed(tx, checkin, user)
    waiting = get_waiting(tx, team.id, user, Week.parse(checkin.week))
    is_owed = bool(unanswered or unsure or waiting)
    for post in (first, second):
        if post is None or (post.state == "pending" and post.attempts == 0 and not is_owed):
            continue  # what is dropped before it goes out need not be told that it is done
        if post is first and second is not None:
            told = snoozed_message(until)
        elif is_owed:
            snooze, again = post is first and not to_come, until if post is first and to_come else ""
            told = reminder_message(
                team.channel,
                unanswered,
                unsure,
                checkin.id,
                waiting.sign_offs,
                waiting.due,
                snooze=snooze,
                again=again,
                cards=list_card_links(tx, waiting.sign_offs),
            )
        else:
            told = _done_message(tx, checkin, user)
        update_message(tx, now, post.id, told)


def _done_message(tx: Connection, checkin: Checkin, user: str) -> dict[str, Any]:
    """Thanks for the answers only where they came: what ended, or has another owner now, is owed no more either."""
    asked = [prompt.bet_id for prompt in checkins.list_prompts(tx, checkin.id) if user in prompt.owners]
    given = {one.bet_id for one in list_week(tx, asked, checkin.week) if one.user == user and not one.second_opinion}
    return done_message(checkin.week, all_in=bool(asked) and given.issuperset(asked), over=bool(checkin.closed_at))


def _zone(tx: Connection, team: Team, user: str) -> str:
    person = get_person(tx, user)
    return (person and person.zone) or team.zone


def do_snooze(tx: Connection, now: datetime, actor: Actor, team: Team, checkin_id: int) -> str:
    """Asks again on the next working day at the person's hour, once; returns when, in words."""
    checkin = checkins.get_checkin(tx, checkin_id)
    newest = checkins.get_newest_checkin(tx, team.id)
    if checkin is None or newest is None or newest.id != checkin.id or checkin.closed_at:
        raise Refusal("That week is closed, so there is nothing left to be reminded of.")
    zone = actor.zone_or(team.zone)
    today = local_date(now, zone)
    day = next_working_day(today, holidays_around(team.country, today))
    at = reminder_instant(day, team.times.get("reminder", time(10)), zone)
    if get_post_by_key(tx, _key(checkin, actor.user, again=True)):
        raise Refusal("You have put this off once already: answer, or say that you are away.")
    if Week.of(day).label != checkin.week:
        raise Refusal("The week is over before the next working day: answer now, or say that you are away.")
    insert_occurrence(tx, now, team.id, "snooze", actor.user, day, at, "pending")
    refresh_reminder(tx, now, team, actor.user)
    return describe_instant(at, zone)
