"""A bet's card, the menu behind its More button, and how a bet reads in one line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.domain.bets import day_of, days_total
from bot.domain.links import host_of, is_link
from bot.domain.records import Bet, Confidence, Decision, KillCriterion
from bot.domain.scope_state import ScopeState, scope_words
from bot.domain.words import clip
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.criteria import old_and_new
from bot.render.ids import Act

RUNNING = ("live", "paused", "lapsed")
_MARKS = {"open": "", "passed": ", did not happen", "failed": ", happened"}
_DONE = {"killed": "Killed", "shipped": "Shipped", "withdrawn": "Withdrawn", "lapsed": "Lapsed"}
# A card's parts together stay well below what Slack takes in one message.
_SCOPED = (*RUNNING, "idea", "scoped")
_CRITERIA = 2_400


class BetFacts(NamedTuple):
    """A bet with what its card says beside: in which zone it is when, people's names, the last open confidence, the
    decision that ended it, how its scope stands, how many days it took to show people a first sample (None while it has
    not), what kill criteria said before they were changed, by how they read now, and whether all its owners left."""

    bet: Bet
    now: datetime
    zone: str
    names: Mapping[str, str] = MappingProxyType({})
    confidence: Confidence = Confidence()
    decision: Decision | None = None
    scope: ScopeState = ScopeState()
    first_evidence: int | None = None
    earlier: Mapping[str, str] = MappingProxyType({})
    ownerless: bool = False

    @property
    def is_spent(self) -> bool:
        """Whether every day of its appetite is over."""
        return day_of(self.bet, self.now, self.zone) > days_total(self.bet, self.zone)

    def name(self, user: str) -> str:
        """A person's name, not escaped."""
        return self.names.get(user, user)

    def owner_names(self) -> str:
        """The owners as a phrase, not escaped."""
        return owner_words([self.name(user) for user in self.bet.owners], self.ownerless)


def owner_words(names: Sequence[str], ownerless: bool) -> str:
    """The owners as a phrase, or that the bet is `ownerless` since they left."""
    return f"without an owner ({listing(names)} left)" if ownerless else listing(names)


def listing(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def heading(bet: Bet, limit: int = 80, card: str | None = None) -> str:
    """Key and title for a line of our own words; the key leads to the bet's `card` where its address is known."""
    return f"{kit.link(card, bet.key)} {kit.esc_line(bet.title, limit)}"


def demo_link(bet: Bet) -> str:
    """The bet's demo as a link of ours, named by where it leads; nothing without one."""
    link = bet.demo_link or ""
    return kit.link(link, host_of(link)) if is_link(link) else ""


def card_message(facts: BetFacts, *, goes_on: bool = False) -> dict[str, Any]:
    """The card in the channel; `goes_on`: an earlier card of this bet is gone."""
    bet = facts.bet
    blocks = [kit.header(f"{bet.key} {bet.title}"), *([kit.typed(bet.problem)] if bet.problem else [])]
    if goes_on:
        blocks.insert(1, kit.context("The earlier card of this bet is gone. Its story goes on here, in this thread."))
    blocks += [kit.section("\n".join(_lines(facts)))]
    if bet.kill_criteria:
        blocks.append(kit.section("*Kill criteria*\n" + criteria_lines(bet, facts.earlier)))
    return kit.message(card_fallback(facts), [*blocks, *_buttons(bet)])


def card_fallback(facts: BetFacts) -> str:
    """The card in one sentence, for a notification."""
    owners = ("" if facts.ownerless else "owners ") + kit.esc_line(facts.owner_names(), 300)
    return f"{heading(facts.bet, 150)}: {', '.join(status_parts(facts))}; {owners}"


def status_parts(facts: BetFacts) -> list[str]:
    """The status in words, with the day it is of how many while it runs."""
    bet = facts.bet
    parts = [bet.status]
    if bet.status in RUNNING and bet.appetite_started_at:
        parts.append(f"day {day_of(bet, facts.now, facts.zone)} of {days_total(bet, facts.zone)}")
    if bet.status == "paused" and bet.paused_at:
        since = f"since {describe_date(local_date(bet.paused_at, facts.zone))}"
        until = f" until {describe_date(bet.paused_until)}" if bet.paused_until else ""
        parts.append(since + until)
    scope = scope_status(facts) if bet.status in _SCOPED else ""
    return [*parts, scope] if scope else parts


def scope_status(facts: BetFacts) -> str:
    """How the bet's scope stands, escaped; empty where there is nothing to say."""
    reviewer = kit.esc_line(facts.name(facts.scope.reviewer), 40) if facts.scope.in_review else ""
    return scope_words(facts.scope, facts.bet, facts.now, reviewer)


def _lines(facts: BetFacts) -> list[str]:
    bet = facts.bet
    status, *more = status_parts(facts)
    lines = [" · ".join([f"*{status}*", *more]), "*Owners* " + owner_words([mentions(bet.owners)], facts.ownerless)]
    if facts.decision and bet.status in _DONE:
        lines.insert(1, _ending(facts, facts.decision))
    if bet.status in ("live", "paused"):
        lines.append("*Confidence* " + confidence_words(facts.confidence) + first_week_words(facts.confidence))
    if facts.first_evidence is not None:
        took = "1 day" if facts.first_evidence == 1 else f"{facts.first_evidence} days"
        lines.append(f"*First evidence* after {took}")
    if demo := demo_link(bet):
        lines.append(f"*Demo* {demo}")
    extras = [f"*Upside* {bet.upside}"]
    extras += [f"*Area* {kit.esc_line(bet.area, 100)}"] if bet.area else []
    extras += ["*Tags* " + tag_words(bet)] if bet.tags else []
    return [*lines, " · ".join(extras)]


def mentions(users: Sequence[str], most: int = 40) -> str:
    """People as Slack shows them; very many are counted."""
    more = f" and {len(users) - most} more" if len(users) > most else ""
    return ", ".join(f"<@{user}>" for user in users[:most]) + more


def tag_words(bet: Bet) -> str:
    """The tags with their marks."""
    return kit.esc_line(" ".join(f"#{tag}" for tag in bet.tags), 400)


def confidence_words(confidence: Confidence) -> str:
    """The last open confidence, with how it changed and what others than the owners say."""
    if confidence.value is None:
        return "-"
    change = confidence.value - confidence.previous if confidence.previous is not None else 0
    words = f"{confidence.value}%" + (f" ({change:+d})" if change else "")
    return words + (f", second opinion {confidence.opinions}%" if confidence.opinions is not None else "")


def first_week_words(confidence: Confidence) -> str:
    """Why there is no confidence while the first check-in that asks about the bet is open, to stand behind the `-`."""
    return " (first check-in open)" if confidence.first_open and confidence.value is None else ""


def criteria_lines(bet: Bet, earlier: Mapping[str, str], limit: int = _CRITERIA) -> str:
    """One line a kill criterion with what it said before, its date and how it stands; all together at most `limit`
    characters."""
    each = max(60, limit // max(len(bet.kill_criteria), 1) - 60)
    lines = [f"• {old_and_new(item.text, earlier, each)}{_standing(item)}" for item in bet.kill_criteria]
    return clip("\n".join(lines), limit)


def _standing(item: KillCriterion) -> str:
    """` (due Fri 11 Dec 2026, happened)`; a date that its own words end with is not said twice."""
    due = "" if item.text.endswith(f"by {item.due.isoformat()}") else f"due {describe_date(item.due)}"
    told = (due + _MARKS[item.state]).removeprefix(", ")
    return f" ({told})" if told else ""


def _ending(facts: BetFacts, decision: Decision) -> str:
    when = describe_date(local_date(decision.created_at, facts.zone))
    by = "" if facts.bet.status == "lapsed" else f" by {kit.esc_line(facts.name(decision.by), 80)}"
    said = f"Learned: {kit.esc_line(decision.learning, 500)}" if decision.learning else ""
    if decision.reason and not said:
        said = f"Reason: {kit.esc_line(decision.reason, 500)}"
    return f"{_DONE[facts.bet.status]}{by} on {when}" + (f". {said}" if said else "")


def _buttons(bet: Bet) -> list[kit.Block]:
    if bet.status in ("killed", "shipped", "withdrawn"):
        return []
    value = {"bet": bet.id}
    answer = [
        kit.button("Answer", Act.CARD_ANSWER, value, style="primary"),
        kit.button("Second opinion", Act.SECOND_OPINION, value),
    ]
    more = kit.button("More", Act.CARD_MORE, value)
    return [kit.actions(*(answer if bet.status == "live" else []), more)]
