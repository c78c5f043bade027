"""Scoping: a draft that several people write, its review, and a bet that starts from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import do_post_card, refresh_card
from bot.actions.decisions import do_change, refuse_if_over
from bot.actions.placing import LONGEST, BetForm, plain_facts, read_form
from bot.actions.rights import refuse_unless
from bot.actions.scope_gaps import dated_lines, get_missing, get_wrong, happened_lines
from bot.domain.bets import (
    TITLE_LIMIT,
    USUAL_APPETITE,
    appetite_people_weeks,
    behind_by,
    change,
    may_decide,
    parse_kill_criteria,
    validate_appetite,
    validate_reason,
)
from bot.domain.errors import Refusal, own
from bot.domain.records import Actor, Bet, KillCriterion, Team
from bot.domain.scope_checks import TEXT_LIMIT, pin_dates, with_happened
from bot.domain.scope_diff import diff_documents, diff_to_plain
from bot.domain.scope_merge import ITEMS, Conflict, merge
from bot.domain.scoping import DRAFT, LOCKED, REVIEW, Document, Scope, number_assumptions, says
from bot.domain.words import clip, too_long
from bot.domain.zones import describe_instant, local_date
from bot.render.scope_steps import gaps_sentence
from bot.store import bets as bet_store
from bot.store import scopes as store
from bot.store.history import insert_bet_history
from bot.store.people import get_name
from bot.store.scope_tables import assumptions
from bot.store.stale import insert_stale, insert_stale_scope

UNTITLED = "Untitled idea"
# What history calls an edit during review, which ends the request.
TAKEN_BACK = "scope_taken_back"
STALE = "Somebody changed this scope at this moment, so nothing was done: look at it again, then press once more."


@dataclass(frozen=True)
class SaveResult:
    """A draft as it is saved now; where two people changed the same; and what is wrong with it, by field."""

    scope: Scope
    conflicts: tuple[Conflict, ...]
    wrong: dict[str, str]


def do_begin_scope(
    tx: Connection, now: datetime, actor: Actor, team: Team, given: str | Document, **beside: Any
) -> tuple[Bet, Scope]:
    """A new idea with its key, its card on the way, and the first draft of its scope; `given` is a title, or all that
    is known so far, `beside` the bet's `upside`, `area` and `tags`."""
    refuse_unless(actor, team, "place")
    doc = Document(title=given) if isinstance(given, str) else given
    doc = replace(doc, owners=doc.owners or (actor.user,))
    values: dict[str, Any] = {"team_id": team.id, "status": "idea", "author": actor.user, "created_at": now}
    values |= {"title": UNTITLED, "problem": "", "hypothesis": "", "tags": [], "upside": "M", "area": ""}
    values |= {
        "appetite_weeks": USUAL_APPETITE,
        "appetite_people_weeks": appetite_people_weeks(USUAL_APPETITE, 1),
        **beside,
    }
    bet_id = bet_store.insert_bet(tx, (actor.user,), (), **values)
    doc = _settled(tx, now, team, bet_store.get_bet(tx, bet_id), doc)
    scope = store.insert_scope(tx, now, bet_id, 1, actor.user, doc)
    _mirror(tx, now, team, bet_store.get_bet(tx, bet_id), doc)
    bet = bet_store.get_bet(tx, bet_id)
    _keep(tx, now, actor, bet, "scope_begun", plain_facts(bet))
    do_post_card(tx, now, team, bet)
    insert_stale_scope(tx, team.id, bet.id, posts=True)
    return bet_store.get_bet(tx, bet_id), scope


def do_begin_scope_from(tx: Connection, now: datetime, actor: Actor, team: Team, form: BetForm) -> tuple[Bet, Scope]:
    """A new idea with all that was typed about a bet, whose problem may be missing yet; refused with every wrong field
    named."""
    today = local_date(now, team.zone)
    whole = replace(form, owners=form.owners or (actor.user,), problem=form.problem.strip() or UNTITLED)
    given = read_form(tx, team, whole, today, today).values
    lines = tuple(line.strip() for line in form.kill_criteria.splitlines() if line.strip())
    doc = Document(
        title=form.title, problem=form.problem, hypothesis=form.hypothesis, owners=whole.owners, criteria=lines,
        appetite_weeks=str(given["appetite_weeks"]),
    )  # fmt: skip
    return do_begin_scope(tx, now, actor, team, doc, **{name: given[name] for name in ("upside", "area", "tags")})


def do_begin_scope_of(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> Scope:
    """The draft of a bet that has none, filled with what the bet says; one that is open already is taken up again."""
    refuse_unless(actor, team, "edit", bet.owners)
    refuse_if_over(tx, team, bet)
    open_one = store.get_scope(tx, bet.id)
    if open_one is not None and open_one.status != LOCKED:
        return open_one
    if open_one is not None:
        raise Refusal(f"The scope of {bet.key} is locked: press Change scope and say why.")
    doc = as_it_runs(Document(), bet)
    scope = store.insert_scope(tx, now, bet.id, 1, actor.user, doc)
    _keep(tx, now, actor, bet, "scope_begun", {"version": 1})
    insert_stale_scope(tx, team.id, bet.id, posts=True)
    return scope


def do_change_scope(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, reason: str) -> Scope:
    """The draft of the next version, which says what the bet agreed on until now; the reason stays with it."""
    newest, reason = refuse_to_change(tx, actor, team, bet), validate_reason(reason)
    if found := too_long(reason, TEXT_LIMIT):
        raise Refusal(found, "reason")
    doc = as_it_runs(newest.doc, bet)
    scope = store.insert_scope(tx, now, bet.id, newest.version + 1, actor.user, doc, reason)
    _keep(tx, now, actor, bet, "scope_begun", {"version": scope.version, "reason": reason})
    insert_stale_scope(tx, team.id, bet.id, posts=True)
    return scope


def refuse_to_change(tx: Connection, actor: Actor, team: Team, bet: Bet) -> Scope:
    """The locked version that can be followed by another now; refused where there is none, or one is open."""
    refuse_unless(actor, team, "edit", bet.owners)
    refuse_if_over(tx, team, bet)
    newest = store.get_scope(tx, bet.id)
    if newest is None:
        raise Refusal(own(f"{bet.key} has no scope yet: scope it first with `/bets scope {bet.key}`."))
    if newest.status != LOCKED:
        raise Refusal(f"Version {newest.version} of the scope of {bet.key} is open already: go on with that one.")
    return newest


def do_drop_change(tx: Connection, now: datetime, actor: Actor, team: Team, scope_id: Any) -> Scope:
    """A change of a locked scope that was begun is given up: the version before holds on. History keeps what it was."""
    scope, bet = get_open(tx, actor, team, scope_id, typed=False)
    before = store.get_locked(tx, bet.id)
    if before is None:
        raise Refusal(f"{bet.key} has no locked scope yet: Withdraw takes back the whole bet.")
    if actor.user not in (scope.author, *bet.owners) and actor.role(team) != "lead":
        raise Refusal("Its author, the owners and the leads drop a change: ask one of them.")
    if not store.update_dropped(tx, now, scope):
        raise Refusal(STALE)
    diff = diff_to_plain(diff_documents(before.doc, scope.doc))
    _keep(tx, now, actor, bet, "scope_dropped", {"version": scope.version, "reason": scope.reason, "diff": diff})
    insert_stale(tx, f"reminder:{team.id}:{scope.doc.reviewer}")  # it may name what waited for them
    insert_stale_scope(tx, team.id, bet.id)
    return scope


def as_it_runs(doc: Document, bet: Bet) -> Document:
    """What was agreed, with what was decided about the bet since."""
    return replace(
        doc,
        title=bet.title,
        problem=bet.problem,
        hypothesis=bet.hypothesis,
        appetite_weeks=str(bet.appetite_weeks),
        criteria=tuple(one.text for one in bet.kill_criteria),
        owners=bet.owners,
    )


def do_save_draft(
    tx: Connection,
    now: datetime,
    actor: Actor,
    team: Team,
    scope_id: Any,
    seen_revision: Any,
    typed: Document | Mapping[str, Any],
) -> SaveResult:
    """Keeps what somebody typed, whole or some fields of it, beside what others saved since `seen_revision`.

    It is kept also where something is wrong with it. A draft in review that changes is a draft again: nobody signs off
    what they have not read.
    """
    scope, bet = get_open(tx, actor, team, scope_id)
    base = store.get_draft(tx, scope.id, seen_revision)
    base = base or (scope.doc if seen_revision == scope.revision else Document())
    mine = typed if isinstance(typed, Document) else replace(base, **typed)
    merged, conflicts = merge(base, mine, scope.doc)
    doc = _settled(tx, now, team, bet, merged)
    if doc != scope.doc:
        asked: dict[str, Any] = {"status": DRAFT, "requested_by": None, "requested_at": None}
        if not store.update_draft(tx, now, scope, doc, **asked):
            raise Refusal(STALE)
        if scope.status == REVIEW:
            _keep(tx, now, actor, bet, TAKEN_BACK, taken_back(scope.version, scope.revision))
            insert_stale(tx, f"reminder:{team.id}:{scope.doc.reviewer}")  # it may name another one now
        _mirror(tx, now, team, bet, doc)
        insert_stale_scope(tx, team.id, bet.id, posts=True)
    for one in conflicts:
        if told := _told(one):
            _keep(tx, now, actor, bet, "scope_conflict", told)
    saved = store.list_scopes(tx, store.scopes.c.id == scope.id)[0]
    return SaveResult(saved, conflicts, get_wrong(tx, now, team, bet, doc, scope.author))


def _told(one: Conflict) -> dict[str, Any]:
    """What history keeps of a conflict: words that the scope does not have, and items that stand there side by side."""
    if not one.kept:
        return {"field": one.field, "text": one.mine, "kept": one.theirs}
    return {"field": one.field, "text": _said(one.mine), "beside": _said(one.theirs)} if one.field in ITEMS else {}


def _said(items: Iterable[Any]) -> str:
    return "; ".join(map(says, items)) or "taken out"


def taken_back(version: int, revision: int) -> dict[str, Any]:
    """What history keeps of an edit during review: which words were to be read."""
    return {"version": version, "revision": revision}


def get_open(tx: Connection, actor: Actor, team: Team, scope_id: Any, *, typed: bool = True) -> tuple[Scope, Bet]:
    """A scope that can still be written, with its bet; refused when it is locked, or not this person's to write.
    `typed`: they have written into it, which must not get lost."""
    scope = store.get_scope_or_none(tx, scope_id)
    bet = bet_store.get_bet(tx, scope.bet_id) if scope else None
    if scope is None or bet is None or bet.team_id != team.id:
        raise Refusal("There is no such scope here.")
    refuse_unless(actor, team, "edit", bet.owners)
    refuse_if_over(tx, team, bet)
    if scope.version < 0:
        first = "copy your words and " if typed else ""
        raise Refusal(f"This change of the scope of {bet.key} was dropped: {first}press Change scope.")
    if scope.status == LOCKED:
        raise Refusal(_locked(tx, team, scope, bet, typed))
    return scope, bet


def _locked(tx: Connection, team: Team, scope: Scope, bet: Bet, typed: bool) -> str:
    if typed or scope.locked_at is None:
        return f"Version {scope.version} of the scope of {bet.key} is locked: copy your words and press Change scope."
    who, when = get_name(tx, scope.signed_off_by or ""), describe_instant(scope.locked_at, team.zone)
    said = f"{who} signed it off on {when}, so version {scope.version} of the scope of {bet.key} is locked"
    return f"{said}: press Change scope for the next one."


def do_request_sign_off(tx: Connection, now: datetime, actor: Actor, team: Team, scope_id: Any) -> Scope:
    """The scope waits for its technical reviewer; refused with every field that is missing for that."""
    scope, bet = get_open(tx, actor, team, scope_id, typed=False)
    if scope.status == REVIEW:
        return scope
    if missing := get_missing(tx, now, team, scope, bet):
        raise Refusal(gaps_sentence(bet, missing), fields=missing)
    if not store.update_scope(tx, now, scope, REVIEW, requested_by=actor.user, requested_at=now):
        raise Refusal(STALE)
    _keep(tx, now, actor, bet, "scope_review", {"version": scope.version, "reviewer": scope.doc.reviewer})
    insert_stale_scope(tx, team.id, bet.id, posts=True)
    return store.list_scopes(tx, store.scopes.c.id == scope.id)[0]


def do_start_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> Bet:
    """The bet is live, and its appetite begins now; weeks in its kill criteria count from today."""
    refuse_unless(actor, team, "edit", bet.owners)
    refuse_if_over(tx, team, bet)
    if actor.user not in bet.owners and not may_decide(team.deciders, actor.role(team, bet.owners)):
        raise Refusal(f"Its owners and the leads start {bet.key}: ask one of them.")
    change(bet.status, "start")
    if not bet.problem.strip():
        raise Refusal(f"{bet.key} says nothing yet of whose problem it is: write that into its scope first.")
    today = local_date(now, team.zone)
    values: dict[str, Any] = {"started_at": now, "appetite_started_at": now, "appetite_until": None, "paused_days": 0}
    values["appetite_people_weeks"] = appetite_people_weeks(bet.appetite_weeks, len(bet.owners))
    started = do_change(tx, now, actor.user, team, bet, "start", {}, values)
    bet_store.update_criteria(tx, bet.id, [_counted_from(one, today, bet.appetite_weeks) for one in bet.kill_criteria])
    refresh_card(tx, now, bet.id)
    return bet_store.get_bet(tx, started.id)


def _counted_from(one: KillCriterion, start: date, weeks: int) -> KillCriterion:
    """The criterion with its day when the bet starts that day; a date stays, `by week 3` and none at all count anew."""
    said = behind_by(one.text)
    if said and not said.casefold().startswith("week "):
        return one
    return replace(one, due=parse_kill_criteria(one.text, start, weeks)[0].due)


def _settled(tx: Connection, now: datetime, team: Team, bet: Bet, doc: Document) -> Document:
    """The draft as it is kept: what happened in it, the dates of new kill criteria written out, every assumption with
    its name."""
    kept = with_happened(doc, happened_lines(bet))
    taken = {one.ref for one in store.list_assumptions(tx, assumptions.c.bet_id == bet.id)}
    return number_assumptions(pin_dates(kept, local_date(now, team.zone), dated_lines(bet)), taken)


def _mirror(tx: Connection, now: datetime, team: Team, bet: Bet, doc: Document) -> None:
    """An idea is what its draft says, as far as that can be read."""
    if bet.status != "idea":
        return
    wrong, today = get_wrong(tx, now, team, bet, doc), local_date(now, team.zone)
    owners = doc.owners if doc.owners and "owners" not in wrong else bet.owners
    weeks = bet.appetite_weeks
    if doc.appetite_weeks.strip() and "appetite_weeks" not in wrong:
        weeks = validate_appetite(doc.appetite_weeks)
    # A title that was cleared is asked for in the form; until then the bet keeps its name.
    values: dict[str, Any] = {"title": clip(" ".join(doc.title.split()), TITLE_LIMIT) or bet.title}
    values |= {name: clip(getattr(doc, name).strip(), LONGEST[name]) for name in ("problem", "hypothesis")}
    values |= {"appetite_weeks": weeks, "appetite_people_weeks": appetite_people_weeks(weeks, len(owners))}
    bet_store.update_bet(tx, bet.id, **values)
    bet_store.update_owners(tx, bet.id, owners)
    if "criteria" not in wrong:
        criteria = parse_kill_criteria("\n".join(doc.criteria), today, weeks)
        bet_store.update_criteria(tx, bet.id, criteria)
    refresh_card(tx, now, bet.id)


def _keep(tx: Connection, now: datetime, actor: Actor, bet: Bet, kind: str, after: dict[str, Any]) -> None:
    insert_bet_history(tx, now, bet, kind, actor.user, after=after)
