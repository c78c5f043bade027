"""The team's round: asking on Monday, the list of who has answered, and the close on Friday."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.actions.asked import list_asked
from bot.actions.bets import card_of, do_refresh_cards
from bot.actions.digest import count_answers, do_note_skipped, do_post_digest, refresh_digest
from bot.domain.answers import QUESTION, last_day
from bot.domain.bets import criteria_due, without_left
from bot.domain.calendar import Due, Week
from bot.domain.records import Bet, Checkin, Team
from bot.domain.zones import local_date
from bot.render.assumptions import AskedAssumption
from bot.render.checkins import Named, RoundFacts, checkin_message, over_message, prompt_message
from bot.render.criteria import closed
from bot.render.ids import Act
from bot.render.kit import without
from bot.store import checkins as store
from bot.store.bets import list_bets_by_id, list_team_bets
from bot.store.outbox import get_post, get_shown_payload, insert_post, list_posts, update_message
from bot.store.people import list_away, list_left, list_names
from bot.store.scopes import list_due_assumptions
from bot.store.teams import get_team
from bot.store.updates import list_week

MOST_EDITS = 40


def do_open_checkin(tx: Connection, now: datetime, team: Team, week: Week, due: Due, missed: list[Week]) -> None:
    """Asks for the week's updates: one message in the channel, and the question in each live bet's thread that has
    somebody to ask.

    Nothing for a team without live bets, and never twice for a week.
    """
    bets = list_team_bets(tx, team.id, ("live",))
    if not bets or store.get_checkin_of_week(tx, team.id, week.label):
        return
    before = store.get_newest_checkin(tx, team.id)
    store.update_numbers_open(tx, now, team.id, week.previous.label)
    store.update_closed_before(tx, now, team.id, week.label)
    labels, moved_from = [before.label for before in missed], due.nominal if due.moved else None
    checkin_id = store.insert_checkin(tx, now, team.id, week.label, labels, moved_from)
    # First in the outbox, so that the channel hears of the round before its threads do; its words come below.
    post = insert_post(tx, now, f"checkin:{checkin_id}", {}, team_id=team.id, channel=team.channel)
    store.update_checkin(tx, checkin_id, outbox_id=post)
    left = list_left(tx, team.id)
    away = list_away(tx, team, local_date(now, team.zone))
    assumptions = list_due_assumptions(tx, [bet.id for bet in bets], week.sunday)
    for bet in bets:
        thread, due_ones = card_of(tx, now, team, bet), assumptions.get(bet.id, ())
        here = replace(without_left(bet, left), card_id=thread)
        asked = [AskedAssumption(replace(one, owner=None) if one.owner in left else one) for one in due_ones]
        _insert_prompt(tx, now, team, checkin_id, week, here, away, asked)
    refresh_checkin(tx, now, team.id)
    if before:
        _retire(tx, now, team, before)


def _insert_prompt(
    tx: Connection,
    now: datetime,
    team: Team,
    checkin_id: int,
    week: Week,
    bet: Bet,
    away: set[str],
    assumptions: list[AskedAssumption],
) -> None:
    criteria = [replace(one, by="") for one in list_asked(tx, team, bet, criteria_due(bet, week.sunday))]
    asked, post = [user for user in bet.owners if user not in away], None
    if bet.owners or criteria or assumptions:  # what is due is for others to answer too
        post = insert_post(
            tx,
            now,
            f"prompt:{checkin_id}:{bet.id}",
            prompt_message(bet, checkin_id, week.label, QUESTION, asked, criteria, assumptions),
            team_id=team.id,
            channel=team.channel,
            parent_id=bet.card_id,
            guard={"if": "bet_is", "bet": bet.id, "statuses": ["live"]},
        )
    store.insert_prompt(tx, checkin_id, bet.id, bet.owners, QUESTION, post)


def _retire(tx: Connection, now: datetime, team: Team, old: Checkin) -> None:
    """The messages of the check-in before take no more answers: their buttons go, after the new questions are out.

    Slack takes some fifty edits a minute in a channel, and those of the new round come first: so many prompts keep
    their button that this would hold them up, and say where to answer when it is pressed.
    """
    _refresh(tx, now, team, old)
    for post in list_posts(tx, team.id, f"remind:{old.id}:"):
        update_message(tx, now, post.id, over_message(old.week))
    for prompt in store.list_prompts(tx, old.id)[:MOST_EDITS]:
        asked = get_post(tx, prompt.outbox_id) if prompt.outbox_id else None
        if asked:
            update_message(tx, now, asked.id, closed(without(get_shown_payload(tx, asked), Act.NO_CHANGE)))


def get_round(tx: Connection, now: datetime, team: Team, checkin: Checkin) -> RoundFacts:
    """The check-in as it stands: the bets that were asked about and are still live, who has answered, and how many
    answers there are, those of bets that ended meanwhile among them.

    Who is away (the list says so), or has left, is not waited for; who answered all the same, or before the owners
    changed, is counted and named.
    """
    asked = [prompt.bet_id for prompt in store.list_prompts(tx, checkin.id)]
    of_round = [bet for bet in list_bets_by_id(tx, asked) if bet.status != "withdrawn"]
    bets = [bet for bet in of_round if bet.status == "live"]
    updates = list_week(tx, asked, checkin.week)
    answered = {(update.bet_id, update.user) for update in updates if not update.second_opinion}
    away, left = list_away(tx, team, last_day(team, checkin, now)), list_left(tx, team.id)
    shown = [(bet, _list_named(bet, answered, left)) for bet in bets]
    names = list_names(tx, {user for _, named in shown for user in named})
    lines = [(bet, [Named(names.get(u, u), (bet.id, u) in answered, u in away) for u in named]) for bet, named in shown]
    ownerless = {bet.id for bet in bets if left.issuperset(bet.owners)}
    done, expected = count_answers(of_round, updates, away | left)
    is_newest = store.get_newest_checkin(tx, team.id) == checkin
    return RoundFacts(checkin.week, lines, done, expected, checkin.moved_from, checkin.missed, is_newest, ownerless)


def _list_named(bet: Bet, answered: set[tuple[int, str]], left: set[str]) -> list[str]:
    """The bet's owners who are there, and whoever has answered."""
    others = sorted(user for bet_id, user in answered if bet_id == bet.id and user not in bet.owners)
    return [user for user in (*bet.owners, *others) if user not in left or (bet.id, user) in answered]


def refresh_checkin(tx: Connection, now: datetime, team_id: int) -> None:
    """Makes the message of the team's newest check-in read what is true now."""
    checkin = store.get_newest_checkin(tx, team_id)
    if checkin is not None:
        _refresh(tx, now, get_team(tx, team_id), checkin)


def _refresh(tx: Connection, now: datetime, team: Team, checkin: Checkin) -> None:
    if checkin.outbox_id is not None:
        update_message(tx, now, checkin.outbox_id, checkin_message(get_round(tx, now, team, checkin)))


def refresh_week(tx: Connection, now: datetime, team: Team, week: str) -> None:
    """After an answer came, changed or was taken back: everything that tells of that week."""
    checkin = store.get_checkin_of_week(tx, team.id, week)
    if checkin is None:
        return
    _refresh(tx, now, team, checkin)
    refresh_digest(tx, now, team, checkin)


def do_open_numbers(tx: Connection, now: datetime, team: Team, week: Week) -> None:
    """From now on the week's numbers may be shown where several people read."""
    if store.update_numbers_open(tx, now, team.id, week.label):
        do_refresh_cards(tx, now, team)


def do_close_week(tx: Connection, now: datetime, team: Team, week: Week, due: Due, silent: bool) -> int:
    """Closes the week and owes its digest, unless it is closed without a word; returns 1 if there was one to close.

    A team that does not hold decisions sees its numbers from here on.
    """
    checkin = store.get_checkin_of_week(tx, team.id, week.label)
    if checkin is None or checkin.closed_at is not None:
        return 0
    do_open_numbers(tx, now, team, week)
    store.update_checkin(tx, checkin.id, closed_at=now)
    closed = store.get_checkin(tx, checkin.id)
    assert closed is not None
    if not silent:
        do_note_skipped(tx, now, team, week)
        do_post_digest(tx, now, team, closed)
    return 1
