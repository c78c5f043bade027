"""Finds what is due in each team's week and does it, once, whatever was missed.

After an absence of the bot a channel gets at most one message: the check-in of the newest due week, which names the
weeks that were missed. Lines before it are closed without a word, and counted.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.actions import bets as bet_actions
from bot.actions import checkins as actions
from bot.actions.closing import do_close_rounds
from bot.actions.comparisons import do_close_comparisons, do_compare_waiting
from bot.actions.first_evidence import do_ask_for_samples
from bot.actions.forgetting import do_forget_expired
from bot.actions.hindsight import do_ask_hindsight, list_questions
from bot.actions.lapses import do_lapse_overdue
from bot.actions.nudges import do_tally_votes
from bot.actions.packets import do_post_decisions
from bot.actions.pauses import do_end_pauses
from bot.actions.reminders import do_remind
from bot.actions.samples import do_post_samples
from bot.actions.waiting import list_sign_offs, list_waited_for
from bot.domain.calendar import (
    WINDOW,
    Due,
    Schedule,
    Week,
    due_between,
    next_working_day,
    reminder_day,
    reminder_instant,
    schedule_of,
    week_lines,
    week_of,
)
from bot.domain.records import Team
from bot.domain.zones import local_date, local_instant
from bot.holidays import holidays_around
from bot.runtime import Bot
from bot.store import bets, comparisons, occurrences, people, samples, teams
from bot.store.forgetting import list_expired
from bot.work import lookups

LOOK_BACK = timedelta(weeks=14)
# A reminder that is half a day late, or comes within an hour of its question, would only annoy.
REMINDER_WINDOW, AFTER_CHECKIN = timedelta(hours=12), timedelta(hours=1)
CARDS_AT = time(6)

Late = tuple[str, Week, Due]


def once(bot: Bot) -> Counter[str]:
    """Does all that is due in every team; counts `planned`, `closed`, `dropped` and `forgotten`."""
    with bot.reading() as tx:  # without the write lock: most ticks find nothing
        due = [team for team in teams.list_teams(tx) if _is_due(tx, bot.now(), team)]
        asking = [team for team in due if _asks(tx, bot.now(), team)]
    for team in asking:
        lookups.once(bot, team)
    done: Counter[str] = Counter()
    for team in due:
        with bot.transaction() as tx:
            done += _plan(tx, bot.now(), teams.get_team(tx, team.id))
    if done["forgotten"]:
        bot.forget()
    return done


def _is_due(tx: Connection, now: datetime, team: Team) -> bool:
    """Whether there is anything to do for the team."""
    today = local_date(now, team.zone)
    if (team.paused_until and today > team.paused_until) or bets.has_ended_pauses(tx, team.id, today):
        return True
    if list_expired(tx, now, team):
        return True
    if team.paused_at or team.unreachable:
        return False
    schedule = _schedule(team, now)
    return bool(
        _late_lines(tx, now, team, schedule)
        or _cards_due(tx, now, team)
        or list_questions(tx, now, team)
        or samples.list_due_rounds(tx, now, team.id)
        or comparisons.list_due(tx, now, team.id)
        or _late_reminders(tx, now, team, schedule)
        or occurrences.list_pending(tx, now, team.id)
    )


def _asks(tx: Connection, now: datetime, team: Team) -> bool:
    """Whether the team's check-in is among what is due."""
    return any(line == "checkin" for line, _, _ in _late_lines(tx, now, team, _schedule(team, now)))


def _plan(tx: Connection, now: datetime, team: Team) -> Counter[str]:
    team = do_end_pauses(tx, now, team)
    # What is to be forgotten is no message: a pause does not keep it.
    forgotten = Counter(forgotten=do_forget_expired(tx, now, team))
    if team.paused_at or team.unreachable:
        return forgotten
    schedule = _schedule(team, now)
    # First what is over: whoever is due next is not kept out by it.
    done = forgotten + Counter(closed=do_close_comparisons(tx, now, team))
    if rounds := do_close_rounds(tx, now, team):
        done["closed"] += rounds
        do_compare_waiting(tx, now, team)
    done += _do_lines(tx, now, team, _late_lines(tx, now, team, schedule), schedule)
    for user, due_at in _late_reminders(tx, now, team, schedule):
        done += _remind(tx, now, team, user, due_at)
    for row in occurrences.list_pending(tx, now, team.id):
        if occurrences.update_state(tx, now, row.id, "done"):
            do_remind(tx, now, team, row.subject, row.local_date)
            done["planned"] += 1
    done += _ask_hindsight(tx, now, team)
    if _cards_due(tx, now, team):
        day = local_date(now, team.zone)
        occurrences.insert_occurrence(tx, now, team.id, "cards", "", day, local_instant(day, CARDS_AT, team.zone))
        bet_actions.do_refresh_cards(tx, now, team)
    return done


def _schedule(team: Team, now: datetime) -> Schedule:
    return schedule_of(team, holidays_around(team.country, local_date(now, team.zone)))


def _late_lines(tx: Connection, now: datetime, team: Team, schedule: Schedule) -> list[Late]:
    """The team's lines that are due and that nobody has done, oldest first; never of a week before the last one done,
    which settings that change can make due again."""
    since = max(team.active_since, now - LOOK_BACK)
    done = occurrences.list_done(tx, team.id, week_of(since, team.zone).previous.monday)
    newest: dict[str, date] = {}
    for kind, _, monday in done:
        newest[kind] = max(monday, newest.get(kind, monday))
    late = due_between(schedule, since, now)
    return [item for item in late if item[0] != "reminder" and item[1].monday > newest.get(item[0], date.min)]


def _do_lines(tx: Connection, now: datetime, team: Team, late: list[Late], schedule: Schedule) -> Counter[str]:
    done: Counter[str] = Counter()
    live = bool(bets.list_team_bets(tx, team.id, ("live",)))
    newest, last_samples, last_decisions, last_close = (
        _newest(late, line, now) for line in ("checkin", "samples", "decisions", "close")
    )
    for item in late:
        line, week, due = item
        state = _state(item, newest, live)
        assert due.at is not None
        if not occurrences.insert_occurrence(tx, now, team.id, line, "", week.monday, due.at, state):
            continue  # another process was faster
        done["dropped"] += state == "missed"
        if line == "checkin" and state == "done":
            actions.do_open_checkin(tx, now, team, week, due, _missed(tx, now, team, week, schedule))
            done["planned"] += 1
        elif line == "samples":
            after = late[late.index(item) + 1 :]
            spoken = item is last_samples and last_decisions not in after and last_close not in after
            spoken = spoken and not (newest is not None and live)
            if spoken:
                done["planned"] += do_post_samples(tx, now, team) + do_ask_for_samples(tx, now, team)
            else:
                done["dropped"] += live
        elif line == "decisions":
            actions.do_open_numbers(tx, now, team, week)
            spoken = item is last_decisions and last_close is None and not (newest is not None and live)
            done["planned" if spoken else "dropped"] += do_post_decisions(tx, now, team, week.label) if spoken else live
        elif line == "close" and state == "done":
            silent = (newest is not None and live) or item is not last_close
            closed = actions.do_close_week(tx, now, team, week, due, silent)
            if _is_recent(due, now):  # while the bot was away nobody could decide
                do_lapse_overdue(tx, now, team, due.at)
                actions.refresh_week(tx, now, team, week.label)  # the digest tells of it too
            done["closed"] += closed
            done["dropped"] += closed if silent else 0
            do_tally_votes(tx, now, team)
    return done


def _state(item: Late, newest: Late | None, live: bool) -> str:
    """What becomes of a late line: the newest check-in is asked, unless there are no bets to ask about; older ones are
    missed, and so is the close of a week that is asked about only now: it stays open until the next check-in."""
    line, week, _ = item
    if line == "checkin":
        return ("done" if live else "skipped") if item is newest else "missed"
    if line == "close" and newest is not None and live and week == newest[1]:
        return "missed"
    return "done"


def _newest(late: list[Late], line: str, now: datetime) -> Late | None:
    """The newest of what is late in that line of the week, unless the week has gone on without it."""
    return next((item for item in reversed(late) if item[0] == line and _is_recent(item[2], now)), None)


def _is_recent(due: Due, now: datetime) -> bool:
    return due.at is not None and now - due.at <= WINDOW


def _missed(tx: Connection, now: datetime, team: Team, week: Week, schedule: Schedule) -> list[Week]:
    """Weeks right before `week` in which nobody was asked because the bot was away or no working day was left."""
    done = occurrences.list_done(tx, team.id, (week.monday - LOOK_BACK))
    missed: list[Week] = []
    before = week.previous
    while True:
        due = week_lines(schedule, before).get("checkin")
        state = done.get(("checkin", "", before.monday))
        instant = due.at or local_instant(due.nominal, schedule.checkin_time, team.zone) if due else None
        if state not in (None, "missed") or instant is None or instant <= max(team.active_since, now - LOOK_BACK):
            return missed[::-1]
        missed.append(before)
        before = before.previous


def _late_reminders(tx: Connection, now: datetime, team: Team, schedule: Schedule) -> list[tuple[str, datetime]]:
    """Who is to be reminded now, with the instant since when."""
    week = week_of(now, team.zone)
    prompted = occurrences.get_prompted_at(tx, team.id, week.label)
    first = reminder_day(schedule, week, prompted)
    if first is None or schedule.reminder_time is None:
        return []
    if prompted is None:  # a team without live bets has no check-in, and its first scope waits all the same
        asked, prompted = list_sign_offs(tx, team.id), datetime.min.replace(tzinfo=UTC)
    else:
        owners = dict.fromkeys(occurrences.list_asked(tx, team.id, week.label), prompted)
        asked = list_waited_for(tx, team.id, week, prompted) | owners if owners else {}
    zones = {user: person.zone for user, person in people.list_people(tx, asked).items()}
    done = occurrences.list_done(tx, team.id, week.monday)
    found = []
    for user, since in asked.items():
        zone, day = zones.get(user) or team.zone, first
        at = reminder_instant(day, schedule.reminder_time, zone)
        while (
            at - prompted < AFTER_CHECKIN
        ):  # asked late in the day, or far east of the team: then on the next working day
            day = next_working_day(day, schedule.holidays)
            at = reminder_instant(day, schedule.reminder_time, zone)
        if since <= at <= now and ("reminder", user, week.monday) not in done:
            found.append((user, at))
    return found


def _remind(tx: Connection, now: datetime, team: Team, user: str, due_at: datetime) -> Counter[str]:
    week, late = week_of(now, team.zone), now - due_at > REMINDER_WINDOW
    state = "dropped" if late else "done"
    if not occurrences.insert_occurrence(tx, now, team.id, "reminder", user, week.monday, due_at, state):
        return Counter()
    if late:
        return Counter(dropped=1)
    do_remind(tx, now, team, user, local_date(now, team.zone))
    return Counter(planned=1)


def _ask_hindsight(tx: Connection, now: datetime, team: Team) -> Counter[str]:
    states = Counter(do_ask_hindsight(tx, now, team, question) for question in list_questions(tx, now, team))
    return Counter(planned=states["done"], dropped=states["dropped"])


def _cards_due(tx: Connection, now: datetime, team: Team) -> bool:
    day = local_date(now, team.zone)
    if local_instant(day, CARDS_AT, team.zone) > now:
        return False
    return ("cards", "", day) not in occurrences.list_done(tx, team.id, day)
