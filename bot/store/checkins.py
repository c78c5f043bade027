"""The weekly rounds: who was asked about what, and what the team may see of the answers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, cast, func, insert, select, update

from bot.domain.answers import Asked
from bot.domain.calendar import Week
from bot.domain.numbers import Given, numbers_open, sum_up
from bot.domain.records import Checkin, Confidence, Prompt, Team
from bot.store.db import inserted_id, listed, record
from bot.store.prepared import find, find_one, find_tuples
from bot.store.tables import bets, checkins, outbox, prompts, updates

# Older numbers are only looked for where there are no newer ones; older rounds get no replies any more.
LOOK_BACK = timedelta(weeks=26)
ROUNDS = 20

# Built once, since every card, list and answer asks for these.
_WANTED = listed()
_CHECKINS = select(checkins).order_by(checkins.c.week)
_OF_ID = _CHECKINS.where(checkins.c.id == bindparam("checkin"))
_OF_WEEK = _CHECKINS.where(checkins.c.team_id == bindparam("team"), checkins.c.week == bindparam("of_week"))
_SINCE = _CHECKINS.where(checkins.c.team_id == bindparam("team"), checkins.c.week >= bindparam("since"))
_NEWEST = select(checkins).where(checkins.c.team_id == bindparam("team")).order_by(checkins.c.week.desc()).limit(1)
_PROMPTS = (
    select(prompts)
    .join(bets, bets.c.id == prompts.c.bet_id)
    .where(prompts.c.checkin_id == bindparam("checkin"))
    .order_by(bets.c.number)
)
_PROMPT = _PROMPTS.where(prompts.c.bet_id == bindparam("bet"))
_OPEN_PROMPTS = (
    select(prompts.c.id, prompts.c.owners)
    .join(checkins, checkins.c.id == prompts.c.checkin_id)
    .where(prompts.c.bet_id == bindparam("bet"), checkins.c.closed_at.is_(None))
)
_TEXTS = select(updates.c.id, updates.c.text).where(updates.c.id.in_(_WANTED))
_ASKED_WEEKS = (
    select(prompts.c.bet_id, checkins.c.week, (cast(prompts.c.owners, String) == "[]").label("of_nobody"))
    .join(checkins, checkins.c.id == prompts.c.checkin_id)
    .where(prompts.c.bet_id.in_(_WANTED), checkins.c.week >= bindparam("since"))
)
_HAS_TEXT = updates.c.text.is_not(None) & (updates.c.source != "no_change") & ~updates.c.second_opinion
# A row is a `Given`, after the bet it is of.
_GIVEN_COLUMNS = ("bet_id", "id", "week", "confidence", "second_opinion", "source", "late", "user")
_GIVEN = (
    select(*(updates.c[name] for name in _GIVEN_COLUMNS), _HAS_TEXT.label("has_text"))
    .where(updates.c.bet_id.in_(_WANTED), updates.c.deleted.is_(False), updates.c.week >= bindparam("since"))
    .order_by(updates.c.week, updates.c.id)
)
# Before and after every week.
EVER, NEWEST = "", "~"


def _as_checkin(row: Any) -> Checkin:
    return record(Checkin, {name: getattr(row, name) for name in Checkin.__dataclass_fields__})


def _one(row: Any) -> Checkin | None:
    return _as_checkin(row) if row else None


def list_checkins(tx: Connection, *where: Any) -> list[Checkin]:
    """Check-ins that meet the conditions, in the order of their weeks."""
    return [_as_checkin(row) for row in tx.execute(_CHECKINS.where(*where))]


def get_checkin(tx: Connection, checkin_id: int) -> Checkin | None:
    """The check-in of that id."""
    return _one(find_one(tx, _OF_ID, checkin=checkin_id))


def get_checkin_of_week(tx: Connection, team_id: int, week: str) -> Checkin | None:
    """The team's check-in of that week."""
    return _one(find_one(tx, _OF_WEEK, team=team_id, of_week=week))


def get_newest_checkin(tx: Connection, team_id: int) -> Checkin | None:
    """The team's newest check-in, closed or not."""
    return _one(find_one(tx, _NEWEST, team=team_id))


def insert_checkin(
    tx: Connection, now: datetime, team_id: int, week: str, missed: Iterable[str], moved_from: date | None
) -> int:
    """A new check-in; returns its id. There is one for each week."""
    values: dict[str, Any] = {"team_id": team_id, "week": week, "prompted_at": now, "moved_from": moved_from}
    values["missed"] = list(missed)
    return inserted_id(tx.execute(insert(checkins).values(**values)))


def update_checkin(tx: Connection, checkin_id: int, **values: Any) -> None:
    """Changes a check-in."""
    tx.execute(update(checkins).where(checkins.c.id == checkin_id).values(**values))


def update_numbers_open(tx: Connection, now: datetime, team_id: int, week: str) -> int:
    """Opens the numbers of that week and of all before it; returns how many check-ins that changed."""
    where = (checkins.c.team_id == team_id, checkins.c.week <= week, checkins.c.open_numbers_at.is_(None))
    return tx.execute(update(checkins).where(*where).values(open_numbers_at=now)).rowcount


def update_closed_before(tx: Connection, now: datetime, team_id: int, week: str) -> None:
    """A new round ends those before it, whether or not the team closes its weeks."""
    where = (checkins.c.team_id == team_id, checkins.c.week < week, checkins.c.closed_at.is_(None))
    tx.execute(update(checkins).where(*where).values(closed_at=now))


def insert_prompt(
    tx: Connection, checkin_id: int, bet_id: int, owners: Iterable[str], question: str, outbox_id: int | None
) -> None:
    """Remembers who is asked about a bet, and how; without a message of its own where nobody is."""
    values = {"checkin_id": checkin_id, "bet_id": bet_id, "owners": list(owners), "question": question}
    tx.execute(insert(prompts).values(**values, outbox_id=outbox_id))


def update_asked(tx: Connection, bet_id: int, users: Iterable[str]) -> None:
    """Whoever became an owner of the bet is asked too, where its question is still open; who was asked stays so."""
    new = list(users)
    for row in find(tx, _OPEN_PROMPTS, bet=bet_id) if new else ():
        owners = list(dict.fromkeys([*row.owners, *new]))
        tx.execute(update(prompts).where(prompts.c.id == row.id).values(owners=owners))


def list_prompts(tx: Connection, checkin_id: int) -> list[Prompt]:
    """What was asked in a check-in, in the order of the bets' keys."""
    rows = find(tx, _PROMPTS, checkin=checkin_id)
    return [_as_prompt(row) for row in rows]


def _as_prompt(row: Row[Any]) -> Prompt:
    return Prompt(**row._mapping)


def get_prompt(tx: Connection, checkin_id: int, bet_id: int) -> Prompt | None:
    """What was asked about a bet in a check-in."""
    row = find_one(tx, _PROMPT, checkin=checkin_id, bet=bet_id)
    return _as_prompt(row) if row else None


def list_bet_prompts(tx: Connection, bet_id: int) -> list[tuple[Prompt, Checkin]]:
    """Every time a bet was asked about, oldest first."""
    rows = tx.execute(select(prompts).where(prompts.c.bet_id == bet_id).order_by(prompts.c.id)).all()
    rounds = {one.id: one for one in list_checkins(tx, checkins.c.id.in_([row.checkin_id for row in rows]))}
    return [(_as_prompt(row), rounds[row.checkin_id]) for row in rows]


def list_asked(tx: Connection, team_id: int, bet_id: int) -> list[Asked]:
    """The team's newest rounds, newest first, with what was asked about the bet in each, if anything was."""
    post = func.coalesce(prompts.c.outbox_id, checkins.c.outbox_id)
    query = (
        select(checkins, prompts.c.id.label("prompt"), prompts.c.question, outbox.c.ts, outbox.c.first_attempt_at)
        .join(prompts, (prompts.c.checkin_id == checkins.c.id) & (prompts.c.bet_id == bet_id), isouter=True)
        .join(outbox, outbox.c.id == post)
        .where(checkins.c.team_id == team_id)
        .order_by(checkins.c.week.desc())
        .limit(ROUNDS)
    )
    return [
        Asked(_as_checkin(row), row.question if row.prompt else None, row.ts, row.first_attempt_at)
        for row in tx.execute(query)
    ]


def list_open_threads(tx: Connection, now: datetime) -> list[tuple[str, str, str]]:
    """The threads in which an answer may have been missed: (channel, ts of the bet's card, ts of its newest prompt, or
    of the check-in where its thread has none).

    Whoever fills a gap reads each thread from its prompt on and hears every message again; known ones change nothing.
    """
    newest = select(checkins.c.team_id, func.max(checkins.c.week).label("week")).group_by(checkins.c.team_id).subquery()
    card = outbox.alias("card")
    query = (
        select(outbox.c.channel, card.c.ts, outbox.c.ts.label("oldest"))
        .select_from(prompts)
        .join(checkins, checkins.c.id == prompts.c.checkin_id)
        .join(outbox, outbox.c.id == func.coalesce(prompts.c.outbox_id, checkins.c.outbox_id))
        .join(newest, (newest.c.team_id == checkins.c.team_id) & (newest.c.week == checkins.c.week))
        .join(bets, bets.c.id == prompts.c.bet_id)
        .join(card, card.c.id == func.coalesce(outbox.c.parent_id, bets.c.card_id))
        .where(outbox.c.ts.is_not(None), card.c.ts.is_not(None), bets.c.status == "live")
    )
    return [(row.channel, row.ts, row.oldest) for row in tx.execute(query.order_by(outbox.c.id))]


def list_confidences(
    tx: Connection, team: Team, bet_ids: Iterable[int], now: datetime, until: str = NEWEST
) -> dict[int, Confidence]:
    """What the team may see of the numbers of each of its bets, as if no week after `until` were known: a handful of
    queries for any number of them."""
    ids = list(bet_ids)
    since = Week.of((now - LOOK_BACK).date()).label
    given, (asked, of_nobody) = _list_given(tx, ids, since), _list_asked_weeks(tx, ids, since)
    if quiet := [bet_id for bet_id in ids if bet_id not in given]:
        given |= _list_given(tx, quiet, EVER)
    if until != NEWEST:
        given = {bet_id: [one for one in answers if one.week <= until] for bet_id, answers in given.items()}
        asked = {bet_id: [week for week in weeks if week <= until] for bet_id, weeks in asked.items()}
    rounds = {row.week: _as_checkin(row) for row in find(tx, _SINCE, team=team.id, since=since)}
    weeks = {one.week for answers in given.values() for one in answers} | set(rounds)
    opened = {week: numbers_open(team, week, rounds, now) for week in weeks}
    learned = {bet_id: _find_learning(given.get(bet_id, []), opened) for bet_id in ids}
    texts = _list_texts(tx, [update_id for update_id in learned.values() if update_id])
    return {
        bet_id: sum_up(
            given.get(bet_id, []), asked.get(bet_id, []), opened, texts.get(learned[bet_id] or 0), of_nobody[bet_id]
        )
        for bet_id in ids
    }


def _find_learning(given: list[Given], opened: dict[str, bool]) -> int | None:
    """The newest answer in words of an open week."""
    return next((one.id for one in reversed(given) if one.has_text and opened[one.week]), None)


def _list_texts(tx: Connection, update_ids: list[int]) -> dict[int, str | None]:
    return {row.id: row.text for row in find(tx, _TEXTS, wanted=update_ids)} if update_ids else {}


def _list_given(tx: Connection, bet_ids: list[int], since: str) -> dict[int, list[Given]]:
    found: dict[int, list[Given]] = {}
    for row in find(tx, _GIVEN, wanted=bet_ids, since=since):
        found.setdefault(row[0], []).append(row)
    return found


def _list_asked_weeks(
    tx: Connection, bet_ids: list[int], since: str
) -> tuple[dict[int, list[str]], defaultdict[int, set[str]]]:
    """The weeks in which each bet was asked about, and those among them in which it had no owner to ask."""
    found: dict[int, list[str]] = {}
    of_nobody: defaultdict[int, set[str]] = defaultdict(set)
    for bet_id, week, nobody in find_tuples(tx, _ASKED_WEEKS, wanted=bet_ids, since=since):
        found.setdefault(bet_id, []).append(week)
        if nobody:
            of_nobody[bet_id].add(week)
    return found, of_nobody
