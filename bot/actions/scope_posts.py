"""A scope in its bet's thread: one message a version, kept current until it is locked, and what is said beside it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.actions.bets import refresh_card
from bot.actions.scoping import get_missing
from bot.domain.records import Bet, Team
from bot.domain.scope_diff import diff_documents
from bot.domain.scope_text import Meta, markdown
from bot.domain.scoping import LOCKED, Scope
from bot.domain.zones import describe_instant
from bot.render.scope_changes import changed_message
from bot.render.scope_lists import STATES
from bot.render.scopes import ScopeFacts, asked_message, locked_message, scope_message
from bot.store.bets import get_bet
from bot.store.outbox import get_post_by_key, insert_post, update_message
from bot.store.people import list_people
from bot.store.scopes import list_scopes, list_standing
from bot.store.tables import scopes
from bot.store.teams import get_team


def get_facts(tx: Connection, now: datetime, team: Team, bet: Bet, scope: Scope, newest: bool = True) -> ScopeFacts:
    """The scope with what its message says beside."""
    doc = scope.doc
    standing = {one.ref: one.state for one in list_standing(tx, [bet.id]).get(bet.id, ())}
    states = tuple(standing.get(one.id or "", "untested") for one in doc.assumptions)
    users = {*doc.owners, doc.reviewer, scope.author, scope.signed_off_by, scope.requested_by}
    users |= {one.owner for one in doc.assumptions}
    names = {user: person.name for user, person in list_people(tx, {user for user in users if user}).items()}
    missing = tuple(get_missing(tx, now, team, scope, bet).values()) if scope.status != LOCKED else ()
    return ScopeFacts(bet, scope, team.zone, missing, states, names, newest)


def meta_of(facts: ScopeFacts) -> Meta:
    """What stands around the text of its Markdown."""
    scope, signed_off = facts.scope, ""
    if scope.locked_at and scope.signed_off_by:
        by = facts.names.get(scope.signed_off_by, scope.signed_off_by)
        signed_off = f"signed off by {by} on {describe_instant(scope.locked_at, facts.zone)}"
    known = zip(facts.doc.assumptions, facts.states, strict=True)
    states = {one.id or "": STATES[state] for one, state in known}
    return Meta(facts.bet.key, scope.version, scope.status, scope.reason, signed_off, facts.names, states)


def do_show_scope(tx: Connection, now: datetime, bet_id: int) -> None:
    """Makes the bet's thread show the newest version as it is now; an older one loses its buttons."""
    refresh_card(tx, now, bet_id)
    bet = get_bet(tx, bet_id)
    team = get_team(tx, bet.team_id)
    versions = list_scopes(tx, scopes.c.bet_id == bet_id)
    for scope in versions[-2:]:
        message = scope_message(get_facts(tx, now, team, bet, scope, newest=scope is versions[-1]))
        post = get_post_by_key(tx, f"scope:{scope.id}")
        if post is not None:
            update_message(tx, now, post.id, message)
        elif scope is versions[-1]:
            _post(tx, now, team, bet, f"scope:{scope.id}", message)


def do_tell_asked(tx: Connection, now: datetime, bet: Bet, scope: Scope, by: str) -> None:
    """The thread mentions the technical reviewer: the document waits for them."""
    team = get_team(tx, bet.team_id)
    facts = get_facts(tx, now, team, bet, scope)
    names = {user: person.name for user, person in list_people(tx, [by]).items()}
    _post(tx, now, team, bet, f"scope_asked:{scope.id}:{scope.revision}", asked_message(facts, names.get(by, by)))


def do_tell_locked(tx: Connection, now: datetime, bet_id: int) -> None:
    """The thread hears that a version is locked, with the document as Markdown, and what is new in it."""
    bet = get_bet(tx, bet_id)
    team = get_team(tx, bet.team_id)
    locked = list_scopes(tx, scopes.c.bet_id == bet_id, scopes.c.status == LOCKED)
    facts = get_facts(tx, now, team, bet, locked[-1])
    if len(locked) > 1:
        diffs = diff_documents(locked[-2].doc, locked[-1].doc)
        _post(tx, now, team, bet, f"scope_changed:{locked[-1].id}", changed_message(facts, diffs))
    told = locked_message(facts, markdown(facts.doc, meta_of(facts)))
    _post(tx, now, team, bet, f"scope_locked:{locked[-1].id}", told)


def _post(tx: Connection, now: datetime, team: Team, bet: Bet, key: str, message: dict) -> None:
    insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, parent_id=bet.card_id)
