"""Advice becomes a message: Thursday's decisions message, and one nudge on the day of a hard fact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.actions.asof import View
from bot.actions.bets import card_of
from bot.actions.cases import advise_bet, read_bet
from bot.actions.demos import list_tried
from bot.actions.disagreement import get_newest_conflict
from bot.actions.nudges import get_standing, refresh_earlier
from bot.actions.rails import do_say_rails
from bot.actions.samples import get_verdict, list_judged
from bot.domain.appetite import agreed_people_weeks, weeks_run
from bot.domain.bets import appetite_warning, day_of, days_total
from bot.domain.calendar import say_week
from bot.domain.nudging import MOST, rank
from bot.domain.opinions import latest_confidence
from bot.domain.policy import KEEP, KILL, Advice
from bot.domain.records import Bet, Team
from bot.domain.zones import describe_date, local_date
from bot.render.evidence import details_message
from bot.render.nudges import WARNINGS, AppetiteLine, Packet, decisions_message, warning_line
from bot.store import nudges as store
from bot.store.bets import update_warned
from bot.store.checkins import list_confidences
from bot.store.evidence import get_evidence
from bot.store.occurrences import insert_occurrence
from bot.store.outbox import insert_post
from bot.store.tables import sample_draws

Advised = list[tuple[Bet, Advice]]


def do_post_decisions(tx: Connection, now: datetime, team: Team, week: str) -> int:
    """Owes the channel the week's advice, at most three nudges, and which appetites run out; nothing without either.

    What is meant for the lead's summary alone is noted, not posted. Returns how many messages that are.
    """
    view = View(get_evidence(tx, team.id), team, now, now)
    advised = rank(list_advised(view))
    for bet, advice in advised:
        if advice.placement == "summary":
            _insert(tx, now, bet, advice)
    shown = [one for one in advised if one[1].placement == "packet"][:MOST]
    warnings = _do_warn(tx, now, team, view.live, [bet.id for bet, _ in shown])
    do_say_rails(tx, now, view)
    if not shown and not warnings:
        return 0
    _do_post(tx, now, view, f"nudges:{team.id}:{week}", f"Decisions, {say_week(week)}", shown, warnings)
    return 1


def do_nudge_today(tx: Connection, now: datetime, team: Team, bet: Bet, fact: dict[str, int]) -> str:
    """A kill criterion of the bet has happened, or a critical assumption is false: if the policy now says kill, the
    channel hears of it today, unless the answer (`fact` names it for the guard) is changed before the message is out.

    One such message a team and day; a further one waits for the decisions message. Returns `now` or `later` for
    these, empty where no message follows from the fact alone.
    """
    view = View(get_evidence(tx, team.id), team, now, now)
    found = [(one, advise_bet(view, one)) for one in view.live if one.id == bet.id]
    if team.paused_at or not any(one.advice == KILL and one.new_hard and one.placement == "packet" for _, one in found):
        return ""
    today = local_date(now, team.zone)
    if not insert_occurrence(tx, now, team.id, "nudge", "", today, now):
        return "later"
    title = f"A hard fact about {bet.key}, {describe_date(today)}"
    _do_post(tx, now, view, f"nudges:{team.id}:{today.isoformat()}", title, found, [], fact)
    return "now"


def list_advised(view: View) -> Advised:
    """The live bets on which there is something to say."""
    found = ((bet, advise_bet(view, bet)) for bet in view.live)
    return [(bet, advice) for bet, advice in found if advice.advice != KEEP]


def _do_warn(
    tx: Connection, now: datetime, team: Team, live: Sequence[Bet], shown: Sequence[int]
) -> list[AppetiteLine]:
    """The warnings that are due, each once for an appetite: those that are spent first.

    A bet that is `shown` in a packet, where its appetite stands too, is only listed when all of it is used.
    """
    due = [(share, bet) for bet in live if (share := _warning(bet, now, team.zone))]
    due.sort(key=lambda one: (-one[0], one[1].number))
    for share, bet in due[:WARNINGS]:
        said = {"warned_75_at": bet.warned_75_at or now} | ({"warned_100_at": now} if share == 100 else {})
        update_warned(tx, bet.id, said)
    listed = [(share, bet) for share, bet in due[:WARNINGS] if share == 100 or bet.id not in shown]
    return [warning_line(bet, day_of(bet, now, team.zone), share, team.zone) for share, bet in listed]


def _warning(bet: Bet, now: datetime, zone: str) -> int | None:
    share = appetite_warning(day_of(bet, now, zone), days_total(bet, zone))
    said = bet.warned_100_at if share == 100 else bet.warned_75_at
    return share if said is None else None


def _insert(tx: Connection, now: datetime, bet: Bet, advice: Advice) -> int:
    evidence = [{"code": one.code, "points": round(one.points, 2), "text": one.text} for one in advice.reasons]
    return store.insert_nudge(tx, now, bet.id, advice.advice, evidence, [one.fact for one in advice.hard])


def _do_post(
    tx: Connection,
    now: datetime,
    view: View,
    key: str,
    title: str,
    shown: Advised,
    warnings: Sequence[AppetiteLine],
    only_if: dict[str, Any] | None = None,
) -> None:
    """One message with these nudges, its copies for the leads, and the details in each bet's thread."""
    team = view.team
    packets = [_do_pack(tx, now, view, bet, advice) for bet, advice in shown]
    ids = [packet.standing.nudge for packet in packets]
    guard = {"if": "nudge_open", "nudges": ids, "anyway": bool(warnings)} | (only_if or {})
    message = decisions_message(title, packets, warnings)
    post = insert_post(tx, now, key, message, team_id=team.id, channel=team.channel, guard=guard)
    for lead in team.leads if team.lead_dm and packets else ():
        insert_post(tx, now, f"{key}:dm:{lead}", message, team_id=team.id, user=lead, guard=guard)
    for packet in packets:
        store.update_nudge(tx, packet.standing.nudge, posted_at=now, outbox_id=post)
        refresh_earlier(tx, now, team, packet.standing.nudge)
        alone = guard | {"nudges": [packet.standing.nudge], "anyway": False}
        insert_post(tx, now, f"nudge:{packet.standing.nudge}", details_message(packet), team_id=team.id,
                    channel=team.channel, parent_id=card_of(tx, now, team, packet.bet), guard=alone)  # fmt: skip


def _do_pack(tx: Connection, now: datetime, view: View, bet: Bet, advice: Advice) -> Packet:
    nudge = store.get_nudge_or_none(tx, _insert(tx, now, bet, advice))
    assert nudge is not None
    zone = view.team.zone
    return Packet(
        get_standing(tx, now, view.team, nudge),
        advice,
        list_confidences(tx, view.team, [bet.id], now)[bet.id],
        latest=latest_confidence(read_bet(view, bet)),
        used=weeks_run(bet, now, zone),
        weeks=days_total(bet, zone) / 7,
        spent=view.spent_now(bet),
        agreed=bet.appetite_people_weeks,
        ever=(view.spent(bet), agreed_people_weeks(bet)) if bet.earlier_weeks else None,
        leads=view.team.leads if advice.names_lead else (),
        verdict=get_verdict(tx, bet.id),
        compared=next((one.tally for one in reversed(view.known.blinded.get(bet.id, ()))), None),
        conflict=get_newest_conflict(tx, bet.id, list_judged(tx, sample_draws.c.bet_id == bet.id)),
        tried=list_tried(tx, [bet.id]).get(bet.id, ""),
    )
