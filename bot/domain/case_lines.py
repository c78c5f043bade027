"""The line of `bets advise`, read with patience: whatever is missing or odd becomes a neutral value."""

import math
from collections.abc import Iterable
from typing import TypeVar

from bot.domain.cases import (
    DEFAULT_APPETITE,
    Asked,
    Assumption,
    Blind,
    Case,
    Criterion,
    Decided,
    Finished,
    Other,
    Said,
    Shown,
    Votes,
)

MATURITIES = ("young", "mixed", "mature")
FINISHED_KEPT = 40
MOST_DAYS = 36_500
MOST = 100_000.0

T = TypeVar("T", Criterion, Assumption)


def read_case(line: dict) -> Case:
    """The case in one line of `bets advise`; whatever is missing or odd becomes a neutral value, never an error.

    A number may come as text; one that is negative, not finite or no number counts as not given. A day after the
    line's own counts as that day. Lists that are independent of each other may come in any order.
    """
    day = _day(line.get("today")) or 0
    team, bet = _dict(line.get("team")), _dict(line.get("bet"))
    scope = _dict(bet.get("scope"))
    spent = _number(bet.get("spent_pw")) or 0.0
    # Without an appetite a bet is taken to be in the first half of one, where spending says nothing yet.
    appetite = _number(bet.get("appetite_pw")) or max(DEFAULT_APPETITE, 2 * spent)
    return Case(
        day=day,
        head_count=int(_number(team.get("people")) or 0),
        maturity=_word(team.get("maturity"), MATURITIES, "mixed"),
        finished=_finished(team.get("resolved")),
        bet=_text(bet.get("bet")),
        area=_text(bet.get("area")),
        people=tuple(sorted({_text(name) for name in _list(bet.get("people"))} - {""})),
        upside=_text(bet.get("upside")) or "M",
        appetite_pw=max(appetite, 0.1),
        spent_pw=spent,
        deadline=_day(bet.get("deadline")),
        scope_status=_word(scope.get("status"), ("none", "draft", "locked"), "none"),
        assumptions=_assumptions(scope.get("assumptions"), day),
        criteria=_criteria(bet.get("kill"), day),
        said=_said(bet.get("updates"), day),
        asked=tuple(Asked(_at(one, day), _text(one.get("to"))) for one in _dicts(bet.get("asked"))),
        votes=_votes(bet.get("votes"), day),
        blind=_blind(bet.get("ab"), day),
        nudges=_nudges(bet.get("nudges"), day),
        decisions=tuple(Decided(_at(one, day), _text(one.get("what"))) for one in _dicts(bet.get("decisions"))),
        others=read_others(line.get("portfolio")),
    )


def _finished(value: object) -> tuple[Finished, ...]:
    ended = (one for one in _dicts(value) if one.get("worked") in (0, 1, "0", "1"))
    rows = [Finished(_percent(one.get("conf")), one["worked"] in (1, "1")) for one in ended]
    return tuple(rows[-FINISHED_KEPT:])


def _said(value: object, day: int) -> tuple[Said, ...]:
    """In order of time; of one person's day in the order of the list, so that the last word on a day counts."""
    rows = [
        Said(_at(one, day), _text(one.get("by")), _percent(one.get("conf")), _true(one.get("blocked")))
        for one in _dicts(value)
    ]
    return tuple(sorted(rows, key=lambda one: (one.at, one.by)))


def _votes(value: object, day: int) -> tuple[Votes, ...]:
    rows = [Votes(_at(one, day), _number(one.get("up")) or 0, _number(one.get("down")) or 0) for one in _dicts(value)]
    return tuple(sorted((one for one in rows if one.up + one.down), key=lambda one: (one.at, one.up, one.down)))


def _blind(value: object, day: int) -> tuple[Blind, ...]:
    rows = [
        Blind(_at(one, day), *(_number(one.get(side)) or 0 for side in ("for", "against", "tie")))
        for one in _dicts(value)
    ]
    seen = (one for one in rows if one.wins + one.losses + one.ties)
    return tuple(sorted(seen, key=lambda one: (one.at, one.wins, one.losses, one.ties)))


# Which of two entries with the same name counts: the graver, so that nothing is counted twice or overlooked.
_GRAVER = {"failed": 0, "passed": 1, "open": 2, "false": 0, "holds": 1, "untested": 2}


def _criteria(value: object, day: int) -> tuple[Criterion, ...]:
    rows = [
        Criterion(_text(one.get("id")), _day(one.get("by")), _state(one, "open"), _known(one, day))
        for one in _dicts(value)
    ]
    known = [one for one in rows if one.state in ("open", "passed", "failed")]
    known.sort(key=lambda one: (_GRAVER[one.state], one.at or 0, one.by or 0, one.id))
    return tuple(_once(known))


def _assumptions(value: object, day: int) -> tuple[Assumption, ...]:
    rows = [
        Assumption(_text(one.get("id")), _true(one.get("critical")), _state(one, "untested"), _known(one, day))
        for one in _dicts(value)
    ]
    known = [one for one in rows if one.state in ("untested", "holds", "false")]
    known.sort(key=lambda one: (_GRAVER[one.state], not one.critical, one.at or 0, one.id))
    return tuple(_once(known))


def _nudges(value: object, day: int) -> tuple[Shown, ...]:
    rows = [Shown(_at(one, day), _text(one.get("advice")), _text(one.get("answer"))) for one in _dicts(value)]
    return tuple(sorted(rows, key=lambda one: (one.at, one.advice, one.answer)))


def read_others(value: object) -> tuple[Other, ...]:
    """The other active bets in a line's `portfolio`."""
    return tuple(sorted(map(_other, _dicts(value)), key=lambda one: (one.bet, one.planned_pw, one.doubled)))


def _other(one: dict) -> Other:
    return Other(
        bet=_text(one.get("bet")),
        area=_text(one.get("area")),
        people=_number(one.get("people")) or 0.0,
        spent_pw=_number(one.get("spent_pw")) or 0.0,
        left_pw=_number(one.get("left_pw")) or 0.0,
        upside=_text(one.get("upside")),
        doubled=_true(one.get("doubled")),
        age=_day(one.get("age")) or 0,
    )


def _once(rows: Iterable[T]) -> list[T]:
    """The first of each name; those without a name all stay."""
    seen: set[str] = set()
    kept = []
    for row in rows:
        if not row.id or row.id not in seen:
            kept.append(row)
        seen.add(row.id)
    return kept


def _state(one: dict, default: str) -> str:
    return default if one.get("state") is None else _text(one.get("state"))


def _number(value: object) -> float | None:
    """A finite number from 0 on, at most `MOST`; None for anything else, a truth value included."""
    if type(value) not in (int, float, str):
        return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
    return min(found, MOST) if 0 <= found < math.inf else None


def _percent(value: object) -> float | None:
    found = _number(value)
    return found if found is not None and found <= 100 else None


def _day(value: object) -> int | None:
    found = _number(value)
    return None if found is None else min(int(found), MOST_DAYS)


def _known(one: dict, day: int) -> int | None:
    found = _day(one.get("at"))
    return None if found is None else min(found, day)


def _at(one: dict, day: int) -> int:
    return min(_day(one.get("at")) or 0, day)


def _text(value: object) -> str:
    """Text on one line; a number as its digits, anything else as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return " ".join(str(value).split())
    except ValueError:  # Python refuses to spell out an integer of more than 4,300 digits
        return ""


def _true(value: object) -> bool:
    return value in (True, "true", "1")


def _word(value: object, known: tuple[str, ...], default: str) -> str:
    found = _text(value)
    return found if found in known else default


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict]:
    return [one for one in _list(value) if isinstance(one, dict)]
