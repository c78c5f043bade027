"""What is wrong with a scope's draft, and what it lacks before somebody signs it off, people included."""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.actions.placing import find_unfit
from bot.domain.errors import Refusal
from bot.domain.records import Bet, Team
from bot.domain.scope_checks import missing_for_lock, validate_check_at, validate_draft
from bot.domain.scoping import AssumptionText, Document, Scope
from bot.domain.zones import local_date
from bot.store.people import get_person


def get_wrong(tx: Connection, now: datetime, team: Team, bet: Bet, doc: Document, author: str = "") -> dict[str, str]:
    """What is wrong with a draft, by field, people who are not in the channel included; `author` began it."""
    wrong = validate_draft(doc, local_date(now, team.zone), dated_lines(bet), _started(team, bet))
    if doc.owners and (sentence := _not_here(tx, team, bet, doc.owners)):
        wrong["owners"] = sentence
    if "reviewer" in wrong or not doc.reviewer:
        return wrong
    if doc.reviewer == author:
        wrong["reviewer"] = "Nobody signs off their own scope: name somebody who did not write it."
    elif sentence := _not_here(tx, team, bet, (doc.reviewer,)) or _guest(tx, doc.reviewer):
        wrong["reviewer"] = sentence
    return wrong


def get_missing(tx: Connection, now: datetime, team: Team, scope: Scope, bet: Bet) -> dict[str, str]:
    """What the scope lacks before it can be signed off, by field."""
    missing = missing_for_lock(scope.doc, local_date(now, team.zone), dated_lines(bet), _started(team, bet))
    return get_wrong(tx, now, team, bet, scope.doc, scope.author) | missing


def refuse_assumption(
    tx: Connection, now: datetime, team: Team, bet: Bet, one: AssumptionText, before: AssumptionText | None
) -> None:
    """Refused at its field when its check date has passed, or its owner is nobody who can be asked.

    What stays as it was `before` is not judged again.
    """
    wrong = {}
    if (before is None or one.check_at != before.check_at) and (
        sentence := validate_check_at(one.check_at, local_date(now, team.zone))
    ):
        wrong["check_at"] = sentence
    if one.owner and (before is None or one.owner != before.owner):
        guest = "" if one.owner in bet.owners else _guest(tx, one.owner)
        if sentence := _not_here(tx, team, bet, (one.owner,)) or guest:
            wrong["owner"] = sentence
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)


def dated_lines(bet: Bet) -> tuple[str, ...]:
    """Kill criteria whose dates stand already: those of a bet that has started."""
    return tuple(one.text for one in bet.kill_criteria) if bet.started_at else ()


def _started(team: Team, bet: Bet) -> date | None:
    """The day from which the weeks of its kill criteria count; of one that waits, that is still to come."""
    return local_date(bet.appetite_started_at, team.zone) if bet.appetite_started_at else None


def happened_lines(bet: Bet) -> tuple[str, ...]:
    """Kill criteria of the bet that happened: no change of its scope says that they did not."""
    return tuple(one.text for one in bet.kill_criteria if one.state == "failed")


def _not_here(tx: Connection, team: Team, bet: Bet, people: tuple[str, ...]) -> str:
    return find_unfit(tx, team, people, bet.owners, "do this")


def _guest(tx: Connection, user: str) -> str:
    person = get_person(tx, user)
    return f"{person.name} is a guest here: name a member of the team." if person and person.limited else ""
