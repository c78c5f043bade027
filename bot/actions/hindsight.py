"""Eight weeks after a decision its author is asked, once and by DM, whether it was right."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain.calendar import is_working_day, next_working_day, reminder_instant
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Bet, Decision, Team
from bot.domain.zones import local_date
from bot.holidays import holidays_around
from bot.render.hindsight import VERDICTS, hindsight_message, judged_message
from bot.store import hindsight as store
from bot.store.bets import get_bet, list_decisions
from bot.store.history import insert_bet_history
from bot.store.occurrences import insert_occurrence
from bot.store.outbox import get_post_by_key, insert_post, update_message
from bot.store.people import get_person, list_absences, list_members
from bot.store.tables import decisions

AFTER = timedelta(weeks=8)
# What people decide about a bet's future; a pause or a withdrawal is no judgement.
KINDS = ("kill", "double", "keep", "ship", "rebet")
# Holidays, weekends and absences may put a question off by so much; later than a week it is dropped.
_PUT_OFF, _WINDOW = timedelta(weeks=6), timedelta(days=7)
_NOT_YOURS = "I have not asked you about that decision."


@dataclass(frozen=True)
class Question:
    """A decision to be looked back on, and the instant since when."""

    decision: Decision
    at: datetime


def list_questions(tx: Connection, now: datetime, team: Team) -> list[Question]:
    """What is due in the team and not asked yet; nothing that was due before the team was set up or went on."""
    found = store.list_unasked(tx, team.id, KINDS, now - AFTER - _PUT_OFF, now - AFTER + timedelta(days=1))
    questions = [Question(decision, _ask_at(tx, team, decision)) for decision in found]
    return [question for question in questions if team.active_since < question.at <= now]


def _ask_at(tx: Connection, team: Team, decision: Decision) -> datetime:
    """At the hour of reminders on the person's clock, on the first working day on which they are not away."""
    person = get_person(tx, decision.by)
    zone = (person.zone if person else None) or team.zone
    day = local_date(decision.created_at, zone) + AFTER
    holidays = holidays_around(team.country, day)
    away = list_absences(tx, team.id, day, day + _PUT_OFF)
    while not is_working_day(day, holidays) or any(
        absence.user == decision.by and absence.first <= day <= absence.last for absence in away
    ):
        day = next_working_day(day, holidays)
    return reminder_instant(day, team.times.get("reminder", time(10)), zone)


def do_ask_hindsight(tx: Connection, now: datetime, team: Team, question: Question) -> str:
    """Asks once; returns what became of it: `done`, `skipped` (who decided is gone), `dropped` (the bot was away for
    more than a week), or nothing when somebody was faster."""
    decision = question.decision
    state = _state(tx, now, team, question)
    day: date = decision.created_at.date() + AFTER
    if not insert_occurrence(tx, now, team.id, store.KIND, str(decision.id), day, question.at, state):
        return ""
    if state == "done":
        message = hindsight_message(get_bet(tx, decision.bet_id), decision, team.zone)
        insert_post(tx, now, _key(decision.id), message, team_id=team.id, user=decision.by)
    return state


def _state(tx: Connection, now: datetime, team: Team, question: Question) -> str:
    person = get_person(tx, question.decision.by)
    if person is None or person.deleted or person.user not in list_members(tx, team.id):
        return "skipped"
    return "dropped" if now - question.at > _WINDOW else "done"


def _key(decision_id: int) -> str:
    return f"hindsight:{decision_id}"


def get_question(tx: Connection, user: str, decision_id: Any) -> tuple[Decision, Bet]:
    """The decision that this person was asked about; the same answer for any other, whether it exists or not."""
    found = list_decisions(tx, decisions.c.id == decision_id) if isinstance(decision_id, int) else []
    if not found or found[0].by != user or get_post_by_key(tx, _key(found[0].id)) is None:
        raise Refusal(_NOT_YOURS)
    return found[0], get_bet(tx, found[0].bet_id)


def do_judge(tx: Connection, now: datetime, actor: Actor, team: Team, decision_id: Any, verdict: Any) -> None:
    """Who decided says whether it was right; history keeps it, and the question gives way to it."""
    decision, bet = get_question(tx, actor.user, decision_id)
    if actor.role(team) == "none" or bet.team_id != team.id or verdict not in VERDICTS:
        raise Refusal(_NOT_YOURS)
    if store.is_judged(tx, decision):
        raise Refusal(own(f"You have answered that already; `/bets history {bet.key}` shows it."))
    said = {"decision": decision.id, "verdict": verdict}
    insert_bet_history(tx, now, bet, store.KIND, actor.user, after=said)
    post = get_post_by_key(tx, _key(decision.id))
    if post is not None:
        update_message(tx, now, post.id, judged_message(bet, decision, verdict, team.zone))
