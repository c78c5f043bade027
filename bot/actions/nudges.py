"""What becomes of nudges that were posted: decided about, put off, voted on; and their packets follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.asked import refresh_prompts
from bot.actions.scope_state import get_agreement, get_earlier_criteria
from bot.actions.spending import is_spent
from bot.domain.bets import is_over
from bot.domain.corrections import Corrections, find_corrections
from bot.domain.first_evidence import is_packet
from bot.domain.records import Bet, Decision, KillCriterion, Nudge, Post, Team
from bot.domain.zones import local_date
from bot.render.corrections import corrected
from bot.render.decided import WORDS
from bot.render.kit import replace_blocks
from bot.render.nudges import (
    Standing,
    agreed_blocks,
    newer_line,
    result_line,
    snoozed_line,
    standing_blocks,
    without_warning,
)
from bot.render.start_votes import tally_line
from bot.store import nudges as store
from bot.store.bets import get_bet, get_decision, list_decisions
from bot.store.outbox import get_post, get_post_by_key, get_shown_payload, list_posts, update_message
from bot.store.people import get_name
from bot.store.scope_tables import assumptions as assumption_table
from bot.store.scopes import list_assumptions
from bot.store.start_votes import list_votes
from bot.store.tables import decisions
from bot.store.tables import nudges as table

# What counts as having done what was advised; an ask is answered by evidence, never by a decision.
_FOLLOWS = {"kill": ("kill", "ship"), "double_down": ("double",), "ask": ()}
# How many messages back a warning about an appetite is looked for.
_NEWEST = 12
_SETTLES = ("kill", "ship", "double", "keep", "rebet", "withdraw")


def settle_nudges(tx: Connection, now: datetime, team: Team, bet: Bet, decision: Decision) -> None:
    """Answers the bet's nudges after a decision (its row is there): done as advised, or declined.

    Their packets lose the buttons and say who decided what and when, with the result of the blind vote.
    """
    refresh_prompts(tx, now, team, get_bet(tx, bet.id))
    if decision.kind == "undo" and decision.of is not None:
        for nudge in store.list_nudges(tx, table.c.decision_id == decision.of):
            refresh_nudge(tx, now, team, nudge.id)
    if decision.kind not in _SETTLES:
        for nudge in store.list_unsettled_nudges(tx, bet.id):
            refresh_nudge(tx, now, team, nudge.id)  # what can be decided now is something else
        return
    for post in list_posts(tx, team.id, f"nudges:{team.id}:")[-_NEWEST:]:
        before = get_shown_payload(tx, post)
        if (after := without_warning(before, bet)) != before:
            update_message(tx, now, post.id, after)
    for nudge in store.list_unsettled_nudges(tx, bet.id):
        given: dict[str, Any] = {}
        if nudge.answer != "done":
            answer = "done" if decision.kind in _FOLLOWS[nudge.advice] else "declined"
            given = {"answer": answer, "answered_by": decision.by, "answered_at": now}
        store.update_nudge(tx, nudge.id, **given, decision_id=decision.id, tallied_at=nudge.tallied_at or now)
        refresh_nudge(tx, now, team, nudge.id)


def do_tally_votes(tx: Connection, now: datetime, team: Team) -> None:
    """The week is over: every open blind vote is closed, and its packet says how it went."""
    for nudge in store.list_team_nudges(tx, team.id, table.c.tallied_at.is_(None), table.c.posted_at.is_not(None)):
        store.update_nudge(tx, nudge.id, tallied_at=now)
        refresh_nudge(tx, now, team, nudge.id)


def do_note_evidence(tx: Connection, now: datetime, team: Team, bet_id: int, by: str | None) -> None:
    """Evidence from outside the bet's own people came: what asked for it is done, and the bet's packets say so.

    Called wherever such evidence comes in: an answer to a kill criterion, samples that are shown. A request about
    overdue criteria is done once none of them is open. `by` is None where the clock brought it.
    """
    bet = get_bet(tx, bet_id)
    for nudge in store.list_unsettled_nudges(tx, bet_id):
        if nudge.advice == "ask" and not _overdue(bet, nudge, team.zone):
            store.update_answer(tx, now, nudge.id, "done", by)
    refresh_criteria(tx, now, team, bet_id)


def refresh_criteria(tx: Connection, now: datetime, team: Team, bet_id: int) -> None:
    """The packets on a bet say how its kill criteria and its scope stand, decided about or not."""
    for nudge in store.list_nudges(tx, table.c.bet_id == bet_id, table.c.posted_at.is_not(None)):
        refresh_nudge(tx, now, team, nudge.id)


def refresh_nudge(tx: Connection, now: datetime, team: Team, nudge_id: int) -> None:
    """Makes a packet read what is true now, in the channel and wherever else it was sent; others stay as they are.

    One that was decided about before its message went out is not in it any more.
    """
    nudge = store.get_nudge_or_none(tx, nudge_id)
    if nudge is None or nudge.outbox_id is None:
        return
    standing, found = get_standing(tx, now, team, nudge), get_corrections(tx, nudge)
    for post in _list_posts(tx, team, nudge.outbox_id):
        shown = _corrected(post.payload, get_shown_payload(tx, post), nudge, found)
        update_message(tx, now, post.id, _patched(shown, standing, _is_waiting(post)))
    details = get_post_by_key(tx, f"nudge:{nudge.id}")
    if details is not None:
        update_message(tx, now, details.id, corrected(details.payload, found))


def get_corrections(tx: Connection, nudge: Nudge) -> Corrections:
    """What was corrected since of the facts that a nudge has told."""
    assumptions = list_assumptions(tx, assumption_table.c.bet_id == nudge.bet_id)
    return find_corrections(nudge, get_bet(tx, nudge.bet_id).kill_criteria, assumptions)


def _corrected(posted: dict[str, Any], shown: dict[str, Any], nudge: Nudge, found: Corrections) -> dict[str, Any]:
    """As shown, with this nudge's own words as they were posted, corrected: another answer may restore them."""
    name = f"nudge-{nudge.id}-"
    own = {one["block_id"]: one for one in posted["blocks"] if str(one.get("block_id", "")).startswith(name)}
    blocks = [own.get(block.get("block_id"), block) for block in shown["blocks"]]
    return corrected(posted | {"blocks": blocks}, found, name)


def _list_posts(tx: Connection, team: Team, post_id: int) -> list[Post]:
    post = get_post(tx, post_id)
    return [post, *list_posts(tx, team.id, f"{post.key}:dm:")] if post is not None else []


def _is_waiting(post: Post) -> bool:
    return post.state == "pending" and post.attempts == 0


def _patched(payload: dict[str, Any], standing: Standing, waiting: bool) -> dict[str, Any]:
    name = f"nudge-{standing.nudge}-"
    if waiting and standing.result:
        return replace_blocks(payload, name, [])
    payload = replace_blocks(payload, f"{name}agreed", agreed_blocks(standing))
    return replace_blocks(payload, f"{name}now", standing_blocks(standing))


def get_standing(tx: Connection, now: datetime, team: Team, nudge: Nudge) -> Standing:
    """What became of a nudge, in words."""
    bet = get_bet(tx, nudge.bet_id)
    newer = _get_newer(tx, nudge)
    votes = list(list_start_votes(tx, nudge).values()) if nudge.tallied_at and not newer else []
    return Standing(
        nudge.id,
        bet,
        nudge.advice,
        result=_result(tx, team, nudge),
        answered=_answered(tx, team, nudge),
        votes=tally_line(votes) if votes else "",
        votable=nudge.tallied_at is None and not is_over(bet.status),
        overdue=_overdue(bet, nudge, team.zone) if nudge.advice == "ask" else (),
        scope=get_agreement(tx, bet.id),
        earlier=get_earlier_criteria(tx, bet.id),
        newer=newer_line(bet, local_date(newer.created_at, team.zone)) if newer else "",
        again=bet.status == "live" and is_spent(tx, now, team, bet),
    )


def refresh_earlier(tx: Connection, now: datetime, team: Team, nudge_id: int) -> None:
    """The bet's earlier packets point to this one: one packet of a bet has buttons."""
    nudge = store.get_nudge_or_none(tx, nudge_id)
    for earlier in _list_earlier(tx, nudge) if nudge else ():
        refresh_nudge(tx, now, team, earlier.id)


def list_start_votes(tx: Connection, nudge: Nudge) -> dict[str, str]:
    """How each person voted on the question that came with this nudge, or with one whose place it took while people
    could still vote there."""
    open_then = [one for one in _list_earlier(tx, nudge) if not one.tallied_at or one.tallied_at >= nudge.created_at]
    return list_votes(tx, nudge.bet_id, [*(one.id for one in open_then), nudge.id])


def _list_earlier(tx: Connection, nudge: Nudge) -> list[Nudge]:
    where = (table.c.bet_id == nudge.bet_id, table.c.id < nudge.id, table.c.posted_at.is_not(None))
    return [one for one in store.list_nudges(tx, *where) if is_packet(one)]


def _get_newer(tx: Connection, nudge: Nudge) -> Nudge | None:
    """The packet that took this one's place: not one that never goes out, since its hard fact was taken back."""
    later = store.list_nudges(tx, table.c.bet_id == nudge.bet_id, table.c.id > nudge.id, table.c.outbox_id.is_not(None))
    for newer in reversed(later):
        post = get_post(tx, newer.outbox_id) if newer.outbox_id else None
        if (
            post
            and is_packet(newer)
            and (post.state == "sent" or (post.state == "pending" and not get_corrections(tx, newer).hard))
        ):
            return newer
    return None


def _overdue(bet: Bet, nudge: Nudge, zone: str) -> list[KillCriterion]:
    """The criteria that were overdue when it was asked and are still open."""
    day = local_date(nudge.created_at, zone)
    return [one for one in bet.kill_criteria if one.state == "open" and one.due < day]


def _result(tx: Connection, team: Team, nudge: Nudge) -> str:
    if nudge.decision_id is None:
        return ""
    decision = get_decision(tx, nudge.decision_id)
    undone = list_decisions(tx, decisions.c.of == decision.id, decisions.c.kind == "undo")
    more = f", undone by {get_name(tx, undone[-1].by)}" if undone else ""
    day = local_date(decision.created_at, team.zone)
    return result_line(WORDS[decision.kind].stamp, get_name(tx, decision.by), day, more)


def _answered(tx: Connection, team: Team, nudge: Nudge) -> str:
    """Who put it off, or brought what it asked for."""
    name = get_name(tx, nudge.answered_by) if nudge.answered_by else ""
    if nudge.snoozed_until is not None:
        return snoozed_line(name, nudge.snoozed_until)
    if nudge.answer != "done" or nudge.answered_at is None:
        return ""
    return result_line("Answered", name, local_date(nudge.answered_at, team.zone))
