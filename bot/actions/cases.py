"""A bet as the nudge policy sees it, from the bot's own history: now, or as of an earlier instant."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from bot.actions.asof import Line, View
from bot.domain.appetite import agreed_people_weeks, deadline_of, people_weeks_left
from bot.domain.asof import assumption_as_of
from bot.domain.case_lines import read_case
from bot.domain.cases import Case, Shown
from bot.domain.policy import LAST_BET, Advice, advise
from bot.domain.records import Bet, Decision, Nudge
from bot.domain.scoping import UNTESTED, Assumption
from bot.domain.zones import local_date
from bot.store.evidence import Answer, Prompted

# What a decision is called in a case; a fresh bet on a lapsed or killed one keeps it going.
_CALLED = {"kill": "kill", "keep": "keep", "double": "double_down", "rebet": "keep", "reopen": "keep"}


def to_case(line: Line) -> Case:
    """What the policy reads, with what the bot alone knows: when a nudge was answered, which facts it told, how
    many scopes wait, and what is left of the present appetite."""
    shown = tuple(Shown(**{name: one[name] for name in Shown.__dataclass_fields__}) for one in line["bet"]["nudges"])
    own = {name: line["bet"][name] for name in ("present_left", "renewed")} | {"first_day": 1}
    return replace(read_case(line), nudges=shown, waiting=line["team"]["waiting"], **own)


def read_bet(view: View, bet: Bet) -> Case:
    """One of the view's bets as the policy reads it; the others, which each has, are read once for all of them."""
    case = to_case(build_case(view, bet) | {"portfolio": []})
    return replace(case, others=tuple(one for one in view.others if one.bet != bet.key))


def advise_bet(view: View, bet: Bet) -> Advice:
    """What the policy says of one of the view's bets.

    A team's last bet is not spared in silence: the advice is given, with the rail (`scope a next one first`) in it.
    """
    case = read_bet(view, bet)
    advice = advise(case)
    if advice.held_by != LAST_BET:
        return advice
    return replace(advise(replace(case, waiting=None)), rail=advice.rail)


def build_case(view: View, bet: Bet) -> Line:
    """One of the view's bets as a line of `bets advise`."""
    return {
        "v": 1,
        "id": bet.key,
        "today": view.day(bet, view.at),
        "team": {
            "people": view.known.head_count,
            "maturity": view.team.maturity,
            "resolved": view.resolved,
            "waiting": sum(one.status == "scoped" for one in view.known.bets),
        },
        "bet": {
            "bet": bet.key,
            "area": bet.area,
            "people": list(bet.owners),
            "upside": bet.upside,
            "appetite_pw": agreed_people_weeks(bet),
            "spent_pw": view.spent(bet),
            "present_left": people_weeks_left(bet, view.spent_now(bet)),
            "renewed": bet.earlier_weeks > 0,
            "deadline": _deadline(view, bet),
            "kill": [_criterion(view, bet, one) for one in bet.kill_criteria],
            "updates": [_update(view, bet, one) for one in view.answers(bet)],
            "asked": _asked(view, bet),
            "nudges": [_nudge(view, bet, one) for one in _nudges(view, bet)],
            "decisions": [_decision(view, bet, one) for one in view.decisions(bet)],
            "scope": _scope(view, bet),
            **_outside(view, bet),
        },
        "portfolio": [line for line in view.portfolio if line["bet"] != bet.key],
    }


def _outside(view: View, bet: Bet) -> Line:
    """Votes on samples of rounds that were closed by then, and blind comparisons with the version before."""
    closed = (one for one in view.known.thumbs.get(bet.id, ()) if one.at <= view.at)
    compared = ((one.at, one.tally) for one in view.known.blinded.get(bet.id, ()) if one.at <= view.at)
    return {
        "votes": [{"at": view.day(bet, one.at), "up": one.up, "down": one.down} for one in closed],
        "ab": [
            {"at": view.day(bet, at), "for": tally.wins, "against": tally.losses, "tie": tally.ties}
            for at, tally in compared
        ],
    }


def _scope(view: View, bet: Bet) -> Line:
    """The scope as of that instant, with what the newest version that was locked by then rests on."""
    begun = [one for one in view.known.scopes.get(bet.id, ()) if one.created_at <= view.at]
    locked = {one.version for one in begun if one.locked_at is not None and one.locked_at <= view.at}
    rests_on = [
        _assumption(view, bet, assumption_as_of(one, view.known.changes.get(bet.id, ()), view.at))
        for one in view.known.assumptions.get(bet.id, ())
        if one.since_version in locked and one.gone_version not in locked
    ]
    return {"status": "locked" if locked else "draft" if begun else "none", "assumptions": rests_on}


def _assumption(view: View, bet: Bet, one: Assumption) -> Line:
    answered = None if one.state == UNTESTED or one.answered_at is None else view.day(bet, one.answered_at)
    return {"id": one.text, "critical": one.critical, "state": one.state, "at": answered}


def _deadline(view: View, bet: Bet) -> int | None:
    last = deadline_of(bet, view.team.zone)
    return None if last is None else view.day(bet, last)


def _criterion(view: View, bet: Bet, one: Any) -> Line:
    answered = None if one.state == "open" or one.answered_at is None else view.day(bet, one.answered_at)
    return {"id": one.text, "by": view.day(bet, one.due), "state": one.state, "at": answered}


def _update(view: View, bet: Bet, one: Answer) -> Line:
    """An answer that came before its question counts from the question on."""
    asked = [prompt.at for prompt in view.known.prompted.get(bet.id, ()) if prompt.week == one.week]
    at = view.day(bet, max([one.created_at, *asked]))
    return {"at": at, "by": one.user, "conf": one.confidence, "blocked": bool(one.blocked_by)}


def _asked(view: View, bet: Bet) -> list[Line]:
    """Who was asked in the weeks that are open, and was there to answer; who became an owner then, from that day on."""
    return [
        {"at": view.day(bet, at), "to": user}
        for prompt in view.known.prompted.get(bet.id, ())
        if prompt.at <= view.at and prompt.week in view.open_weeks
        for user in prompt.owners
        if (at := _asked_at(view, bet, prompt, user)) <= view.at
        if user not in view.known.gone and not _is_away(view, user, local_date(at, view.team.zone))
    ]


def _asked_at(view: View, bet: Bet, prompt: Prompted, user: str) -> datetime:
    """When this person was asked: with the others, or when they became an owner."""
    later = [one for one in view.known.changes.get(bet.id, ()) if one.at > prompt.at and "owners" in one.before]
    if not later or user in later[0].before["owners"]:
        return prompt.at
    # Each change tells who owned the bet until then: they joined with the one before the first that knows them.
    known = (one.at for one, after in pairwise(later) if user in after.before["owners"])
    return next(known, later[-1].at)


def _is_away(view: View, user: str, day: date) -> bool:
    zone = view.team.zone
    return any(
        one.user == user
        and one.first <= day <= one.last
        and (one.ended_at is None or local_date(one.ended_at, zone) > day)
        for one in view.known.away
    )


def _nudges(view: View, bet: Bet) -> list[Nudge]:
    """What was said until then; looking back, what was said at that very instant is what is asked about."""
    shown = view.known.nudges.get(bet.id, ())
    return [one for one in shown if one.created_at < view.at or one.created_at == view.at == view.now]


def _nudge(view: View, bet: Bet, one: Nudge) -> Line:
    answered = one.answered_at is not None and one.answered_at <= view.at
    at = view.day(bet, one.answered_at) if answered and one.answered_at else None
    answer = one.answer if answered else "none"
    shown = {"at": view.day(bet, one.created_at), "advice": one.advice, "answer": answer}
    return shown | {"answered_at": at, "hard": one.hard}


def _decision(view: View, bet: Bet, one: Decision) -> Line:
    return {"at": view.day(bet, one.created_at), "what": _CALLED.get(one.kind, one.kind)}
