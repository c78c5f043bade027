"""A scope in its bet's thread: one message a version, kept current until it is locked, and what is said beside it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from bot.actions.assumption_prompts import refresh_assumptions
from bot.actions.bets import refresh_card
from bot.actions.scope_gaps import get_missing
from bot.actions.scoping import TAKEN_BACK, taken_back
from bot.domain.bets import is_over
from bot.domain.records import Actor, Bet, Team
from bot.domain.scope_diff import diff_documents, earlier_words
from bot.domain.scope_text import Meta, markdown
from bot.domain.scoping import LOCKED, REVIEW, Document, Scope, named, people_of, with_names
from bot.domain.zones import describe_instant
from bot.render.scope_changes import changed_message
from bot.render.scope_lists import STATES
from bot.render.scope_steps import gaps
from bot.render.scopes import (
    ScopeFacts,
    answered_message,
    asked_message,
    dropped_message,
    file_name,
    locked_message,
    passed_message,
    scope_message,
)
from bot.store.bets import get_bet, list_bets
from bot.store.history import list_history
from bot.store.outbox import get_post_by_key, get_shown_payload, insert_post, list_posts, update_message
from bot.store.people import get_name, list_names
from bot.store.scope_tables import assumptions, scopes
from bot.store.scopes import get_scope, list_assumptions, list_scopes
from bot.store.tables import bets, history
from bot.store.teams import get_team


def get_facts(
    tx: Connection, now: datetime, team: Team, bet: Bet, scope: Scope, newest: bool = True,
    before: Document | None = None,
) -> ScopeFacts:  # fmt: skip
    """The scope with what its message says beside; with the names that the version `before` needs too."""
    doc, earlier = scope.doc, _earlier(tx, scope)
    # What changed its words is another assumption: each version shows how its own stand.
    known = {(one.ref, one.text): one.state for one in list_assumptions(tx, assumptions.c.bet_id == bet.id)}
    states = tuple(known.get((one.id or "", one.text), "untested") for one in doc.assumptions)
    users = {
        *people_of(doc, " ".join([scope.reason, *earlier.values()])),
        *(people_of(before) if before else ()),
        scope.author,
    }
    users |= {scope.signed_off_by, scope.requested_by}
    names = list_names(tx, {user for user in users if user})
    missing = gaps(get_missing(tx, now, team, scope, bet)) if scope.status != LOCKED else ()
    as_read = {named(line, names): named(said, names) for line, said in earlier.items()}
    return ScopeFacts(bet, scope, team.zone, missing, states, names, newest, as_read)


def _earlier(tx: Connection, scope: Scope) -> dict[str, str]:
    """What the version's kill criteria said in the versions that were locked before it, by how they read in it."""
    older = (scopes.c.bet_id == scope.bet_id, scopes.c.version < scope.version, scopes.c.status == LOCKED)
    versions = [*(list_scopes(tx, *older) if scope.version > 1 else ()), scope]
    return earlier_words((one.doc.criteria, after.doc.criteria) for one, after in pairwise(versions))


def meta_of(facts: ScopeFacts) -> Meta:
    """What stands around the text of its Markdown."""
    scope, signed_off = facts.scope, ""
    if scope.locked_at and scope.signed_off_by:
        by = facts.names.get(scope.signed_off_by, scope.signed_off_by)
        signed_off = f"signed off by {by} on {describe_instant(scope.locked_at, facts.zone)}"
    known = zip(facts.doc.assumptions, facts.states, strict=True)
    states = {one.id or "": STATES[state] for one, state in known}
    return Meta(
        facts.bet.key, scope.version, scope.status, scope.reason, signed_off, facts.names, states, facts.earlier
    )


def file_of(facts: ScopeFacts) -> dict[str, str]:
    """The version as the Markdown file of a message (`work/pictures`)."""
    name = file_name(facts)
    return {"name": name, "title": name, "content": markdown(facts.doc, meta_of(facts))}


def list_files(tx: Connection, now: datetime, team: Team) -> Iterator[tuple[str, str]]:
    """Every version of every scope of a team as (`B-7-v2.md`, its Markdown)."""
    for bet in list_bets(tx, bets.c.team_id == team.id):
        for scope in list_scopes(tx, scopes.c.bet_id == bet.id):
            facts = get_facts(tx, now, team, bet, scope)
            yield f"{bet.key}-v{scope.version}.md", markdown(facts.doc, meta_of(facts))


def do_show_scope(tx: Connection, now: datetime, bet_id: int) -> None:
    """Makes the bet's thread tell of its scope as it is now: the newest version's document, that its reviewer is asked,
    that it is locked; each is said once and kept true."""
    bet = get_bet(tx, bet_id)
    team = get_team(tx, bet.team_id)
    scope = get_scope(tx, bet_id)
    if scope is None:
        return
    if get_post_by_key(tx, f"scope:{scope.id}") is None:
        _post(tx, now, team, bet, f"scope:{scope.id}", scope_message(get_facts(tx, now, team, bet, scope)))
    if scope.status == REVIEW:
        _do_tell_asked(tx, now, team, bet, scope)
    elif scope.status == LOCKED:
        _do_tell_locked(tx, now, team, bet)
    refresh_scope(tx, now, bet_id)


def refresh_scope(tx: Connection, now: datetime, bet_id: int) -> None:
    """Makes what tells of the bet's scope read what is true now: only what can still be done has its button."""
    refresh_card(tx, now, bet_id)
    bet = get_bet(tx, bet_id)
    team = get_team(tx, bet.team_id)
    refresh_assumptions(tx, now, team, bet)
    versions = list_scopes(tx, scopes.c.bet_id == bet_id)
    for scope in versions:
        facts = get_facts(tx, now, team, bet, scope, newest=scope is versions[-1])
        document, locked = (get_post_by_key(tx, f"{kind}:{scope.id}") for kind in ("scope", "scope_locked"))
        if document is not None:
            update_message(tx, now, document.id, scope_message(facts))
        if locked is not None:
            update_message(tx, now, locked.id, get_shown_payload(tx, locked) | locked_message(facts))
        for post in list_posts(tx, team.id, f"scope_asked:{scope.id}:"):
            update_message(tx, now, post.id, _request(tx, facts, int(post.key.rpartition(":")[2])))


def do_show_dropped(tx: Connection, now: datetime, team: Team, bet: Bet, scope: Scope, by: str) -> None:
    """What told of a change that was dropped says so."""
    document = get_post_by_key(tx, f"scope:{scope.id}")
    asked = list_posts(tx, team.id, f"scope_asked:{scope.id}:")
    for post in [*([document] if document else []), *asked]:
        update_message(tx, now, post.id, dropped_message(bet, scope, by))


def _request(tx: Connection, facts: ScopeFacts, revision: int) -> dict[str, Any]:
    """What the reviewer was asked at that revision, or what became of it."""
    scope = facts.scope
    if scope.revision == revision and scope.status == REVIEW and not is_over(facts.bet.status):
        return asked_message(facts)
    if scope.revision == revision:
        return answered_message(facts)
    edits = list_history(tx, history.c.bet_id == facts.bet.id, history.c.kind == TAKEN_BACK)
    by = next((row.by for row in edits if row.after == taken_back(scope.version, revision)), "")
    return answered_message(facts, changed_by=get_name(tx, by) if by else "Somebody")


def _do_tell_asked(tx: Connection, now: datetime, team: Team, bet: Bet, scope: Scope) -> None:
    """The thread mentions the technical reviewer: the document waits for them, all of it as a Markdown file."""
    facts = get_facts(tx, now, team, bet, scope)
    asked = asked_message(facts) | {"file": file_of(facts)}
    _post(tx, now, team, bet, f"scope_asked:{scope.id}:{scope.revision}", asked)


def do_tell_passed(tx: Connection, now: datetime, actor: Actor, bet: Bet, scope: Scope) -> str:
    """Where the day of a kill criterion has passed during the review, its reviewer cannot sign off: says in a sentence
    what to change, to them and once in the thread to its author; empty when that is not so."""
    if scope.status != REVIEW or actor.user != scope.doc.reviewer:
        return ""
    team = get_team(tx, bet.team_id)
    passed = get_missing(tx, now, team, scope, bet).get("criteria", "")
    if passed:
        message = passed_message(bet, scope, passed)
        _post(tx, now, team, bet, f"scope_passed:{scope.id}:{scope.revision}", message)
        return str(message["text"])
    return ""


def _do_tell_locked(tx: Connection, now: datetime, team: Team, bet: Bet) -> None:
    """The thread hears that a version is locked, with the document as a Markdown file, and what is new in it."""
    locked = list_scopes(tx, scopes.c.bet_id == bet.id, scopes.c.status == LOCKED)
    before = locked[-2].doc if len(locked) > 1 else None
    facts = get_facts(tx, now, team, bet, locked[-1], before=before)
    if before:
        diffs = diff_documents(with_names(before, facts.names), facts.doc)
        _post(tx, now, team, bet, f"scope_changed:{locked[-1].id}", changed_message(facts, diffs))
    # The file stays as it was at the lock, however its assumptions are answered.
    told = locked_message(facts) | {"file": file_of(facts)}
    _post(tx, now, team, bet, f"scope_locked:{locked[-1].id}", told)


def _post(tx: Connection, now: datetime, team: Team, bet: Bet, key: str, message: dict) -> None:
    insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, parent_id=bet.card_id)
