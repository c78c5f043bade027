"""The digest of a closed week, kept true when an answer comes late, changes or is taken back."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from bot.actions.asof import put_back
from bot.actions.demos import list_tried
from bot.actions.scope_prompt import get_scope_prompt
from bot.actions.teams import get_schedule
from bot.domain.answers import last_day, middle
from bot.domain.calendar import Week, skipped_before
from bot.domain.numbers import list_opinions, value_before
from bot.domain.records import Bet, Checkin, Confidence, Team, Update
from bot.domain.zones import local_instant
from bot.render.digest import HAPPENED, BetWeek, DigestFacts, SkippedWeek, digest_message
from bot.store import checkins as store
from bot.store.bets import list_bets_by_id, list_decided
from bot.store.demos import list_tried_bets
from bot.store.history import list_history
from bot.store.occurrences import insert_occurrence, list_done
from bot.store.outbox import get_post_by_key, insert_post, update_message, update_posted_payload
from bot.store.people import list_away, list_left, list_names
from bot.store.tables import checkins, history
from bot.store.updates import list_week

# What became of a close on which holidays left no day; no run of them is longer than this.
SKIPPED, LOOK_BACK = "skipped", timedelta(weeks=14)


def do_post_digest(tx: Connection, now: datetime, team: Team, checkin: Checkin) -> None:
    """Owes the channel the week in one message; nothing when no bet was live at its close and nobody had answered."""
    facts = get_digest(tx, now, team, checkin)
    if facts.bets or any(one.bets for one in facts.skipped):
        payload = digest_message(facts)
        insert_post(tx, now, f"digest:{checkin.id}", payload, team_id=team.id, channel=team.channel)


def do_note_skipped(tx: Connection, now: datetime, team: Team, week: Week) -> None:
    """The digest of `week` tells of the weeks before it as well that had none because of holidays, whatever becomes of
    the team's settings later."""
    for skipped, due_at in skipped_before(get_schedule(team, now), week, "close", team.active_since):
        insert_occurrence(tx, now, team.id, "close", "", skipped.monday, due_at, SKIPPED)


def _list_skipped(tx: Connection, team: Team, week: Week) -> list[Week]:
    done, found = list_done(tx, team.id, week.monday - LOOK_BACK), []
    while done.get(("close", "", week.previous.monday)) == SKIPPED:
        week = week.previous
        # Where nobody was asked because there was no live bet, there was nothing to tell either.
        if ("checkin", "", week.monday) not in done or store.get_checkin_of_week(tx, team.id, week.label):
            found.append(week)
    return found[::-1]


def _find_carrier(tx: Connection, team: Team, checkin: Checkin) -> Checkin:
    """The check-in whose digest tells of this one: its own, or the next after holidays that left no day for it."""
    week = Week.parse(checkin.week)
    done = list_done(tx, team.id, week.monday)
    while done.get(("close", "", week.monday)) == SKIPPED:
        week = week.next
        checkin = store.get_checkin_of_week(tx, team.id, week.label) or checkin
    return checkin


def refresh_digest(tx: Connection, now: datetime, team: Team, checkin: Checkin) -> None:
    """Makes the digest, if there is one, read what is true now; nothing taken back stays in what was sent before."""
    checkin = _find_carrier(tx, team, checkin)
    post = get_post_by_key(tx, f"digest:{checkin.id}")
    if post is not None:
        payload = digest_message(get_digest(tx, now, team, checkin))
        update_message(tx, now, post.id, payload)
        update_posted_payload(tx, post.id, payload)


def get_digest(tx: Connection, now: datetime, team: Team, checkin: Checkin) -> DigestFacts:
    """What is known now of a week's answers, and of those before it that had no digest because of holidays; of its bets
    what was known at its close."""
    skipped = _list_skipped(tx, team, Week.parse(checkin.week))
    since, until = _get_span(tx, now, team, checkin, skipped)
    happened = _list_happened(tx, team, since, until)
    said = list_tried(tx, list_tried_bets(tx, team.id, since, until), until)
    tried = [(bet, said[bet.id]) for bet in list_bets_by_id(tx, said) if bet.status != "withdrawn"]
    prompt = get_scope_prompt(tx, checkin.closed_at or now, team)
    earlier = [_get_skipped(tx, now, team, week) for week in skipped]
    return DigestFacts(checkin.week, *_get_week(tx, now, team, checkin), happened, tried, prompt, earlier)


def _get_skipped(tx: Connection, now: datetime, team: Team, week: Week) -> SkippedWeek:
    checkin = store.get_checkin_of_week(tx, team.id, week.label)
    return SkippedWeek(week.label, *(_get_week(tx, now, team, checkin, then=True) if checkin else ()))


def _get_week(
    tx: Connection, now: datetime, team: Team, checkin: Checkin, *, then: bool = False
) -> tuple[list[BetWeek], int, int]:
    """Of the bets that were asked about and not withdrawn since, as they were when the week was over: what came, how
    many answers, and out of how many; with `then` out of those of the owners who were asked."""
    owners = {prompt.bet_id: prompt.owners for prompt in store.list_prompts(tx, checkin.id)}
    asked = list(owners)
    kept = [bet for bet in list_bets_by_id(tx, asked) if bet.status != "withdrawn"]
    bets = put_back(tx, team, kept, checkin.closed_at or now)
    if then:
        bets = [replace(bet, owners=owners[bet.id]) for bet in bets]
    updates = list_week(tx, asked, checkin.week)
    away, left = list_away(tx, team, last_day(team, checkin, now)), list_left(tx, team.id)
    names = list_names(tx, {update.user for update in updates})
    numbers = store.list_confidences(tx, team, asked, now, until=checkin.week)
    told = [_bet_week(bet, checkin.week, updates, numbers[bet.id], names, away, left) for bet in bets]
    # A bet that was ended or paused before anybody answered owes no word.
    weeks = [week for week in told if week.answers or week.bet.status == "live"]
    return weeks, *count_answers(bets, updates, away | left)


def count_answers(bets: Iterable[Bet], updates: Iterable[Update], unasked: Container[str]) -> tuple[int, int]:
    """(given, expected) of a round: one answer for each owner of each bet; the check-in and the digest count alike.

    What was given stays counted when its bet ends or its owner changes; a bet that is not live is owed no more, nor is
    anything by somebody who cannot be asked.
    """
    of_round = list(bets)
    ids = {bet.id for bet in of_round}
    given = {(one.bet_id, one.user) for one in updates if not one.second_opinion and one.bet_id in ids}
    owed = {(bet.id, user) for bet in of_round if bet.status == "live" for user in bet.owners if user not in unasked}
    return len(given), len(given | owed)


def _get_span(
    tx: Connection, now: datetime, team: Team, checkin: Checkin, skipped: Sequence[Week]
) -> tuple[datetime, datetime]:
    """From the close before, or else the Monday of the first week that is told of, to this one."""
    week = next(iter(skipped), Week.parse(checkin.week))
    before = store.list_checkins(tx, checkins.c.team_id == team.id, checkins.c.week < week.label)
    closed = [one.closed_at for one in before if one.closed_at]
    return max(closed, default=local_instant(week.monday, time(0), team.zone)), checkin.closed_at or now


def _list_happened(tx: Connection, team: Team, since: datetime, until: datetime) -> list[tuple[str, list[Bet]]]:
    """What was decided in that time, as (kind, bets); without what was undone or withdrawn."""
    placed = list_history(
        tx, history.c.team_id == team.id, history.c.kind == "placed", history.c.at > since, history.c.at <= until
    )
    found = [("placed", row.bet_id) for row in placed]
    found += [(one.kind, one.bet_id) for one in list_decided(tx, team.id, since, until)]
    bets = {bet.id: bet for bet in list_bets_by_id(tx, {bet_id for _, bet_id in found}) if bet.status != "withdrawn"}
    kinds = {kind: list(dict.fromkeys(bet_id for other, bet_id in found if other == kind)) for kind in HAPPENED}
    told = {kind: [bets[bet_id] for bet_id in ids if bet_id in bets] for kind, ids in kinds.items()}
    return [(kind, some) for kind, some in told.items() if some]


def _bet_week(
    bet: Bet,
    week: str,
    updates: list[Update],
    numbers: Confidence,
    names: dict[str, str],
    away: set[str],
    left: set[str],
) -> BetWeek:
    owners = set(bet.owners) - left
    mine = [update for update in updates if update.bet_id == bet.id]
    answers = [update for update in mine if not update.second_opinion]
    sure = {update.user: update.confidence for update in answers if update.confidence is not None}
    return BetWeek(
        bet,
        [(names.get(update.user, update.user), update) for update in answers],
        value=middle(sure.values()),
        previous=value_before(numbers, week, sure.keys()),
        opinions=middle(u.confidence for u in list_opinions(mine) if u.confidence is not None),
        no_change_run=numbers.no_change_run if numbers.last_week == week else 0,
        owners_away=bool(owners) and owners <= away,
        ownerless=not owners,
    )
