"""What the bet's own people say of it, and what their silence says: four lines of the ledger (policy.md section 2)."""

import math

from bot.domain.cases import Case
from bot.domain.ledger import Line, clamp, line, logistic, logit, percent, usual_confidence

SPENDING_MAKES_SURE = 0.4
TREND_DAYS = 14
PROMPT_DAYS, SILENCE_DAYS, LEAST_PROMPTS = 7, 21, 3


def confidence(case: Case) -> list[Line]:
    """The median of everybody's newest confidence against what this team usually says.

    People get surer as they spend, so 0.4 for each appetite spent is taken off. The line fades to half its weight with
    the age of the newest number: the one "age" of policy.md that the sentence names. What was taken off is said where
    it turns the sentence round.
    """
    numbers = _numbers(case)
    if not numbers:
        return []
    newest = [given[-1] for given in numbers.values()]
    middle = _median([logit(share) for _, share in newest])
    usual = usual_confidence(case.finished)
    counted = middle - SPENDING_MAKES_SURE * min(case.share_spent, 1.5)
    apart = counted - logit(usual)
    days = case.day - max(at for at, _ in newest)
    weight = max(0.5, math.exp(-days / 84))
    text = (
        f"Confidence {percent(logistic(middle))} against this team's usual {percent(usual)} "
        f"({_people(len(newest))}, newest {_days(days)} old)"
    )
    if apart < 0 <= round(middle - logit(usual), 9):  # without this it would read as a reason for the opposite
        text += f"; at {percent(case.share_spent)} of {case.appetite_words} it counts as {percent(logistic(counted))}"
    return [line("confidence", weight * clamp(apart, -2.5, 2.5), text)]


def latest_confidence(case: Case) -> int | None:
    """What the line of confidence says of the bet, in percent: the middle of everybody's newest number."""
    newest = [given[-1][1] for given in _numbers(case).values()]
    return round(100 * logistic(_median([logit(share) for share in newest]))) if newest else None


def trend(case: Case) -> list[Line]:
    """How far the same people's confidence has moved from their first number to their newest, 14 days later or more.

    From the first, since 0.2 for each appetite spent is taken off: what people talk themselves into over all of it.
    """
    pairs = [pair for given in _numbers(case).values() if (pair := _apart(given))]
    if not pairs:
        return []
    before, after = _mean([logit(one) for one, _ in pairs]), _mean([logit(two) for _, two in pairs])
    points = clamp(0.8 * (after - before - 0.2 * case.share_spent), -1.2, 1.2)
    who = f"The same {len(pairs)} people" if len(pairs) > 1 else "The same person"
    first, last = percent(logistic(before)), percent(logistic(after))
    went = f"went from {first} to {last}"
    if first == last:
        went = f"stayed at {last} with {percent(case.share_spent)} of {case.appetite_words} spent"
    return [line("trend", points, f"{who} {went}")]


def silence(case: Case) -> list[Line]:
    """Prompts of the last 21 days that nobody answered, from three prompts on; silence alone never kills.

    Up to two gaps in five say nothing: answering is what is expected, so it has no line that speaks for the bet.
    """
    since = case.day - SILENCE_DAYS
    said: dict[str, list[int]] = {}
    for update in case.said:
        if update.at >= since:
            said.setdefault(update.by, []).append(update.at)
    due = [one for one in case.asked if one.at >= since]
    answers = [any(0 <= at - one.at < PROMPT_DAYS for at in said.get(one.to, ())) for one in due]
    # One that was sent on the day itself can still be answered, so it only counts once it is.
    counted = [answered for one, answered in zip(due, answers, strict=True) if answered or one.at < case.day]
    missed = len(counted) - sum(counted)
    if len(counted) < LEAST_PROMPTS or missed <= 0.4 * len(counted):
        return []
    points = -0.5 * (missed / len(counted) - 0.4) / 0.6
    return [line("silence", points, f"{missed} of {len(counted)} answers asked for in 3 weeks did not come")]


def blocked(case: Case) -> list[Line]:
    """How many updates in a row, up to the newest, said that the bet is blocked; from two on."""
    # Of one day those who are not blocked count as later: one of them is enough to end the run.
    said = sorted(case.said, key=lambda one: (one.at, not one.blocked))
    run = next((i for i, one in enumerate(reversed(said)) if not one.blocked), len(said))
    if run < 2:
        return []
    return [line("blocked", max(-0.3 * (run - 1), -0.9), f"Blocked in {run} updates running")]


def _numbers(case: Case) -> dict[str, list[tuple[int, float]]]:
    """Each person's numbers as (day, share of 1), in order of time."""
    found: dict[str, list[tuple[int, float]]] = {}
    for one in case.said:
        if one.conf is not None:
            found.setdefault(one.by, []).append((one.at, one.conf / 100))
    return found


def _apart(given: list[tuple[int, float]]) -> tuple[float, float] | None:
    (first, before), (last, after) = given[0], given[-1]
    return (before, after) if last - first >= TREND_DAYS else None


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _median(values: list[float]) -> float:
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
