"""Decisions about a bet: each is a row with who, why and when, and the thread says so in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.actions.bets import do_post_card, list_facts, refresh_card
from bot.actions.checkins import refresh_checkin
from bot.actions.demos import may_try
from bot.actions.nudges import settle_nudges
from bot.actions.replay import get_evidence_against
from bot.actions.rights import may, refuse_unless
from bot.actions.spending import get_people_weeks_left, is_spent, refuse_unspent
from bot.domain.bets import NEXT, change, is_over, may_decide, may_withdraw
from bot.domain.errors import Refusal
from bot.domain.records import Actor, Bet, Decision, KillCriterion, Team
from bot.domain.scoping import LOCKED
from bot.domain.zones import describe_instant, local_date
from bot.render.decisions import CLOCK, already_line, decided_notice, meanwhile_line
from bot.store import bets as store
from bot.store.graveyard import refresh_grave
from bot.store.history import insert_bet_history
from bot.store.outbox import insert_post
from bot.store.people import get_name
from bot.store.scopes import get_scope
from bot.store.stale import insert_stale_scope
from bot.store.undo import CRITERION, get_values

OUTCOMES = ("yes", "no", "unclear")
# What history quotes of a decision.
_SAID = ("reason", "learning", "outcome")
# What a bet's menu may offer, in its order.
_MENU = ("edit", "kill", "double", "keep", "ship", "pause", "resume", "scope", "change_scope", "start", "rebet",
         "tried", "withdraw")  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """What somebody typed when they ended a bet; each name is also the name of its field."""

    reason: str
    learning: str
    outcome: str


def do_kill_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, ending: Ending) -> Bet:
    """The bet ends, is thanked, and what it taught is kept."""
    return _do_end(tx, now, actor, team, bet, "kill", ending)


def do_ship_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, ending: Ending) -> Bet:
    """The bet ended well: it is in use."""
    return _do_end(tx, now, actor, team, bet, "ship", ending)


def _do_end(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, kind: str, ending: Ending) -> Bet:
    refuse_to_decide(tx, actor, team, bet)
    change(bet.status, kind)
    wrong = {
        name: "Write a sentence here: others will learn from it."
        for name in ("reason", "learning")
        if not getattr(ending, name).strip()
    }
    if ending.outcome not in OUTCOMES:
        wrong["outcome"] = "Choose yes, no or unclear."
    if wrong:
        raise Refusal(next(iter(wrong.values())), fields=wrong)
    texts: dict[str, Any] = {
        "reason": ending.reason.strip(),
        "learning": ending.learning.strip(),
        "outcome": ending.outcome,
    }
    if kind == "kill":
        texts |= dict(zip(("against_at", "late_people_weeks"), get_evidence_against(tx, now, team, bet), strict=True))
    return do_change(tx, now, actor.user, team, bet, kind, texts, {"ended_at": now})


def do_withdraw_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> Bet:
    """The bet was a mistake: its card says so, and nothing counts it."""
    refuse_if_over(tx, team, bet)
    refuse_unless(actor, team, "place", bet.owners)
    if actor.user != bet.author and actor.role(team) != "lead":
        raise Refusal(f"Only whoever placed {bet.key} or a lead can withdraw it.")
    if not may_withdraw(bet, now, store.is_answered(tx, bet.id)):
        raise Refusal(f"{bet.key} has answers and is more than 24 hours old: kill it with what you learned instead.")
    return do_change(tx, now, actor.user, team, bet, "withdraw", {}, {"ended_at": now})


def do_pause_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, until: date | None) -> Bet:
    """The bet's clock stands still, `until` that day (included) or until somebody resumes it."""
    refuse_to_decide(tx, actor, team, bet)
    if until and until < local_date(now, team.zone):
        raise Refusal("That day has passed: pause until today or later.")
    return do_change(tx, now, actor.user, team, bet, "pause", {}, {"paused_at": now, "paused_until": until})


def do_resume_bet(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> Bet:
    """The bet goes on; the days of its pause do not count."""
    refuse_to_decide(tx, actor, team, bet)
    return _do_resume(tx, now, actor.user, team, bet, local_date(now, team.zone))


def list_acts(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> list[str]:
    """What this person may do with the bet now, in the order of the menu."""
    decides = may_decide(team.deciders, actor.role(team, bet.owners))
    edits = may(actor, team, "edit", bet.owners) and not is_over(bet.status)
    may_do = {kind: decides and not _too_soon(tx, now, team, bet, kind) for kind in _MENU if (bet.status, kind) in NEXT}
    newest = get_scope(tx, bet.id)
    locked = newest is not None and newest.status == LOCKED
    may_do |= {"edit": edits, "scope": edits and not locked, "change_scope": edits and locked}
    may_do["tried"] = may_try(actor, team, bet)
    if "start" in may_do:
        may_do["start"] = edits and (decides or actor.user in bet.owners)
    if "withdraw" in may_do:
        may_do["withdraw"] = _may_withdraw(tx, now, actor, team, bet)
    return [kind for kind in _MENU if may_do.get(kind)]


def _too_soon(tx: Connection, now: datetime, team: Team, bet: Bet, kind: str) -> bool:
    """Nobody looks for *Bet again* in the menu while the appetite lasts."""
    return kind == "rebet" and bet.status == "live" and not is_spent(tx, now, team, bet)


def _may_withdraw(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet) -> bool:
    by_right = may(actor, team, "place") and (actor.user == bet.author or actor.role(team) == "lead")
    return by_right and may_withdraw(bet, now, store.is_answered(tx, bet.id))


def do_end_pauses(tx: Connection, now: datetime, team: Team) -> None:
    """Bets whose pause has reached its day go on by themselves."""
    today = local_date(now, team.zone)
    for bet in store.list_team_bets(tx, team.id, ("paused",)):
        if bet.paused_until and bet.paused_until < today:
            _do_resume(tx, now, CLOCK, team, bet, bet.paused_until + timedelta(days=1))


def _do_resume(tx: Connection, now: datetime, by: str, team: Team, bet: Bet, back: date) -> Bet:
    stood = (back - local_date(bet.paused_at, team.zone)).days if bet.paused_at else 0
    pause: dict[str, Any] = {"paused_at": None, "paused_until": None, "paused_days": bet.paused_days + max(stood, 0)}
    # While it stood still nobody could act on the last warning: it is given again.
    return do_change(tx, now, by, team, bet, "resume", {}, pause | {"warned_100_at": None})


def do_change(
    tx: Connection,
    now: datetime,
    by: str,
    team: Team,
    bet: Bet,
    kind: str,
    texts: dict[str, Any],
    values: dict[str, Any],
    criterion: KillCriterion | None = None,
    more: dict[str, Any] | None = None,
) -> Bet:
    """One decision, whole: the status, its row, history, the notice in the thread and the card.

    `texts` is what the decision's row says, `values` what changes in the bet's, `criterion` what comes to its kill
    criteria, `more` what only history keeps.
    """
    after = change(bet.status, kind)
    before = get_values(tx, bet.id, ["status", *values])
    if criterion:
        before[CRITERION] = store.insert_criterion(tx, bet.id, criterion)
    said = {name: texts[name] for name in _SAID if texts.get(name)} | _dates(values) | (more or {})
    return do_record(tx, now, by, team, bet, kind, after, values, texts | {"before": before}, said)


def do_record(
    tx: Connection,
    now: datetime,
    by: str,
    team: Team,
    bet: Bet,
    kind: str,
    status: str,
    values: dict[str, Any],
    row: dict[str, Any],
    said: dict[str, Any],
) -> Bet:
    """Moves the bet to `status` unless somebody was faster, with all that a decision brings along."""
    if not store.update_status(tx, bet.id, bet.status, status, **values):
        refuse_if_over(tx, team, store.get_bet(tx, bet.id))
        raise Refusal(f"Somebody changed {bet.key} at this moment: look at its card, then try again.")
    decision = store.get_decision(tx, store.insert_decision(tx, now, bet.id, kind, by, **row))
    insert_bet_history(tx, now, bet, kind, by, before={"status": bet.status}, after={"status": status, **said})
    refresh_grave(tx, bet.id)
    settle_nudges(tx, now, team, bet, decision)
    insert_stale_scope(tx, team.id, bet.id)
    _do_tell(tx, now, team, bet.id, decision)
    return store.get_bet(tx, bet.id)


def _dates(values: dict[str, Any]) -> dict[str, str]:
    until = values.get("paused_until") or values.get("appetite_until")
    return {"until": until.isoformat()} if until else {}


def get_seen(tx: Connection, bet: Bet) -> int:
    """What a form remembers of the bet's decisions: the id of the newest, 0 without any."""
    last = store.list_last_decisions(tx, [bet.id]).get(bet.id)
    return last.id if last else 0


def refuse_if_decided(tx: Connection, team: Team, bet: Bet, seen: Any) -> None:
    """Refused, with who decided what and when, when there is a decision that the form's writer had not `seen`."""
    refuse_if_over(tx, team, bet)
    refuse_if_newer(tx, team, bet, seen)


def refuse_if_newer(tx: Connection, team: Team, bet: Bet, seen: Any) -> None:
    """The same for a bet that is over, which only a reopening is about."""
    last = store.list_last_decisions(tx, [bet.id]).get(bet.id)
    if last is not None and last.id != seen:
        raise Refusal(meanwhile_line(bet, last, get_name(tx, last.by), describe_instant(last.created_at, team.zone)))


def _do_tell(tx: Connection, now: datetime, team: Team, bet_id: int, decision: Decision) -> None:
    bet = store.get_bet(tx, bet_id)
    if bet.card_id is None:
        do_post_card(tx, now, team, bet)
    else:
        refresh_card(tx, now, bet_id)
    facts = list_facts(tx, now, team, [store.get_bet(tx, bet_id)])[0]
    undone = store.get_decision(tx, decision.of) if decision.of else None
    people = {one.by: get_name(tx, one.by) for one in (decision, undone) if one is not None}
    facts = facts._replace(names={**facts.names, **people})
    left = get_people_weeks_left(tx, now, team, facts.bet) if decision.kind == "kill" else 0.0
    notice = decided_notice(facts, decision, undone, left)
    key, parent = key_of_notice(decision.id), facts.bet.card_id
    insert_post(tx, now, key, notice, team_id=team.id, channel=team.channel, parent_id=parent)
    refresh_checkin(tx, now, team.id)


def key_of_notice(decision_id: int) -> str:
    """The key of the notice in the thread."""
    return f"notice:{decision_id}"


def refuse_to_decide(tx: Connection, actor: Actor, team: Team, bet: Bet) -> None:
    """Refused when the bet is over already, or when this person has no say."""
    refuse_unless(actor, team, "decide", bet.owners)
    refuse_if_over(tx, team, bet)
    if not may_decide(team.deciders, actor.role(team, bet.owners)):
        who = "its leads" if team.deciders == "leads" else "the bet's owners and the leads"
        raise Refusal(f"In this team {who} decide about {bet.key}: ask one of them.")


def refuse_to_answer(tx: Connection, actor: Actor, team: Team, bet: Bet, people: tuple[str, ...], whose: str) -> None:
    """Refused unless this person is among the `people` whose answer it is, or may decide about the bet; `whose` says so
    to everybody else."""
    refuse_if_over(tx, team, bet)
    if actor.user in people and may(actor, team, "answer", people):
        return
    refuse_unless(actor, team, "decide", bet.owners)
    if not may_decide(team.deciders, actor.role(team, bet.owners)):
        raise Refusal(whose)


def refuse_to_begin(tx: Connection, now: datetime, actor: Actor, team: Team, bet: Bet, kind: str) -> None:
    """Refused unless this person may take that decision about the bet as it is now: before its form and at its end."""
    refuse_to_decide(tx, actor, team, bet)
    change(bet.status, kind)
    if kind == "rebet":
        refuse_unspent(tx, now, team, bet)


def refuse_if_over(tx: Connection, team: Team, bet: Bet) -> None:
    """Refused, with who decided what and when, when the bet has ended."""
    if not is_over(bet.status):
        return
    last = store.list_standing_decisions(tx, [bet.id]).get(bet.id)
    if last is None:
        raise Refusal(f"{bet.key} is already {bet.status}.")
    raise Refusal(already_line(bet, get_name(tx, last.by), describe_instant(last.created_at, team.zone)))
