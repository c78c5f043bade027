"""Placing a bet: it is live at once, and its card goes to the team's channel."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.actions.bets import do_post_card
from bot.actions.rights import refuse_unless
from bot.domain.bets import (
    LONGEST_APPETITE,
    USUAL_APPETITE,
    appetite_people_weeks,
    find_wrong,
    parse_kill_criteria,
    validate_appetite,
    validate_title,
)
from bot.domain.errors import Refusal
from bot.domain.links import read_link
from bot.domain.records import Actor, Bet, KillCriterion, Person, Team
from bot.domain.words import parse_tags, too_long
from bot.domain.zones import local_date
from bot.store import bets as store
from bot.store.history import insert_bet_history
from bot.store.people import list_members, list_people

LONGEST = {"problem": 3_000, "hypothesis": 3_000, "area": 100}
UPSIDES = ("S", "M", "L", "XL")

T = TypeVar("T")


@dataclass(frozen=True)
class BetForm:
    """What somebody typed about a bet, as typed; each name is also the name of its field."""

    title: str = ""
    problem: str = ""
    hypothesis: str = ""
    owners: tuple[str, ...] = ()
    appetite_weeks: str = str(USUAL_APPETITE)
    upside: str = "M"
    area: str = ""
    kill_criteria: str = ""
    tags: str = ""
    demo_link: str = ""


@dataclass(frozen=True)
class BetInput:
    """A form that was read and found right."""

    values: dict[str, Any]
    owners: tuple[str, ...]
    criteria: tuple[KillCriterion, ...]


def do_place_bet(tx: Connection, now: datetime, actor: Actor, team: Team, form: BetForm) -> Bet:
    """A new live bet with its card on the way; refused with every wrong field named."""
    refuse_unless(actor, team, "place")
    today = local_date(now, team.zone)
    given = read_form(tx, team, replace(form, owners=form.owners or (actor.user,)), today, today)
    values = given.values | {"team_id": team.id, "status": "live", "author": actor.user, "created_at": now}
    values |= {"started_at": now, "appetite_started_at": now}
    bet_id = store.insert_bet(tx, given.owners, given.criteria, **values)
    bet = store.get_bet(tx, bet_id)
    insert_bet_history(tx, now, bet, "placed", actor.user, after=plain_facts(bet))
    do_post_card(tx, now, team, bet)
    return store.get_bet(tx, bet_id)


def read_form(
    tx: Connection, team: Team, form: BetForm, started: date, today: date, before: Bet | None = None
) -> BetInput:
    """The form as values, or one refusal that names every wrong field.

    `started` is the day from which weeks count, `today` the day from which dates are read. What stays as it was
    `before` is not judged again: an owner who left since, or a long imported text, does not stop a mended title.
    """
    wrong: dict[str, str] = {}

    def read(parse: Callable[[], T]) -> T | None:
        try:
            return parse()
        except Refusal as refusal:
            wrong.update(refusal.fields)
            return None

    read(lambda: _refuse_owners(tx, team, form.owners, before.owners if before else ()))
    usual = before.appetite_weeks if before else USUAL_APPETITE
    weeks = read(lambda: validate_appetite(form.appetite_weeks or usual)) or 0
    # Of a wrong appetite no end is known, and one criterion that is due with it is not wrong for that.
    criteria = read(lambda: _criteria(form, started, weeks or LONGEST_APPETITE, today, before)) or []
    values = {
        "title": read(lambda: validate_title(form.title)),
        "tags": read(lambda: list(parse_tags(form.tags))),
        "problem": read(lambda: _text("problem", form, before, "whose problem is it, and what is it?")),
        "hypothesis": read(lambda: _text("hypothesis", form, before)),
        "area": read(lambda: _text("area", form, before)),
        "demo_link": read(lambda: _link(form, before)),
        "upside": form.upside if form.upside in UPSIDES else (before.upside if before else "M"),
        "appetite_weeks": weeks,
        "appetite_people_weeks": appetite_people_weeks(weeks, len(form.owners)),
    }
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)
    return BetInput(values, form.owners, tuple(criteria))


def _criteria(form: BetForm, started: date, weeks: int, today: date, before: Bet | None) -> list[KillCriterion]:
    known = {one.text for one in before.kill_criteria} if before else set()
    given = parse_kill_criteria(form.kill_criteria, started, weeks, today, known)
    for one in given:
        if one.text not in known and (wrong := find_wrong(one, today)):
            raise Refusal(wrong, "kill_criteria")
    return given


def _link(form: BetForm, before: Bet | None) -> str | None:
    same = before is not None and form.demo_link == (before.demo_link or "")
    return before.demo_link if before and same else read_link(form.demo_link, "demo_link")


def _text(field: str, form: BetForm, before: Bet | None, needed: str = "") -> str:
    typed: str = getattr(form, field)
    if before and typed == getattr(before, field):
        return typed
    text = typed.strip()
    if needed and not text:
        raise Refusal(f"Say in a sentence: {needed}", field)
    if found := too_long(text, LONGEST[field]):
        raise Refusal(found, field)
    return text


def _refuse_owners(tx: Connection, team: Team, owners: Collection[str], before: Collection[str]) -> None:
    if not owners:
        raise Refusal("A bet needs at least one owner: somebody has to be asked.", "owners")
    if found := find_unfit(tx, team, owners, before, "own a bet"):
        raise Refusal(found, "owners")


def find_unfit(tx: Connection, team: Team, users: Collection[str], before: Collection[str], do: str) -> str:
    """Why somebody among these cannot `do` what they are named for, in a sentence; empty when all can.

    They are people who are in the channel, since the bot asks them there; those of `before` may stay.
    """
    people, present = list_people(tx, users), set(list_members(tx, team.id))
    names = {user: people[user].name if user in people else user for user in users}
    bots = [names[user] for user in users if user in people and people[user].bot]
    if bots:
        return f"{', '.join(bots)} is a bot, and only people can {do}: choose a person."
    missing = [names[user] for user in users if user not in before and not _is_here(people.get(user), present)]
    verb = "is" if len(missing) == 1 else "are"
    return f"{', '.join(missing)} {verb} not in the channel: invite them first." if missing else ""


def _is_here(person: Person | None, present: set[str]) -> bool:
    return person is not None and not person.deleted and person.user in present


def plain_facts(bet: Bet) -> dict[str, Any]:
    """What history keeps of a bet."""
    kept = ("title", "problem", "hypothesis", "area", "upside", "appetite_weeks")
    criteria = [{"text": item.text, "due": item.due.isoformat(), "state": item.state} for item in bet.kill_criteria]
    lists = {"owners": list(bet.owners), "tags": list(bet.tags), "kill_criteria": criteria}
    return {name: getattr(bet, name) for name in kept} | lists | {"demo_link": bet.demo_link or ""}
