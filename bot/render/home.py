"""The home tab, one part for each of the person's teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

from bot.domain.records import Bet
from bot.domain.scoping import Assumption
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.absences import days_away
from bot.render.bets import BetFacts, confidence_words, heading, status_parts
from bot.render.ids import Act

# Slack shows at most a hundred blocks in a view, and one part has at most nine.
MOST_TEAMS = 10
MOST_LINES = 20
# What the lines of one list may take, so that no line is cut in the middle of a link.
ROOM = kit.TEXT - 200


@dataclass(frozen=True)
class Ballot:
    """Samples of a bet, or with `blind` two of its versions, that the person may still judge; `closes` says until
    when, `in_thread` where: in the bet's thread, else in the channel."""

    bet: Bet
    blind: bool
    in_thread: bool
    closes: str


@dataclass(frozen=True)
class HomePart:
    """What is shown of one team. `unsure`: bets with an answer of this week that lacks the confidence; `undecided`:
    bets that wait for a decision this person may take; `sign_offs`: bets whose scope waits for theirs; `due`: the
    assumptions they look at this week; `ballots`: what they may still judge; `cards`: where those bets' cards are, by
    the bet's id."""

    team_id: int
    channel: str
    unanswered: Sequence[Bet]
    unsure: Sequence[Bet]
    bets: Sequence[BetFacts]
    away_until: date | None
    is_lead: bool
    paused: bool = False
    paused_until: date | None = None
    planned: Sequence[tuple[date, date]] = ()
    undecided: Sequence[BetFacts] = ()
    may_place: bool = True
    sign_offs: Sequence[Bet] = ()
    due: Sequence[tuple[Bet, Assumption]] = ()
    ballots: Sequence[Ballot] = ()
    cards: Mapping[int, str] = field(default_factory=dict)

    def heading(self, bet: Bet) -> str:
        """Key and title; the key leads to the card."""
        return heading(bet, card=self.cards.get(bet.id))

    def list_bets(self) -> list[Bet]:
        """Every bet that it names."""
        waiting = [*self.unanswered, *self.unsure, *self.sign_offs, *(bet for bet, _ in self.due)]
        return [*waiting, *(one.bet for one in (*self.bets, *self.undecided)), *(one.bet for one in self.ballots)]


def home_view(parts: Sequence[HomePart]) -> dict[str, Any]:
    """The whole tab."""
    if not parts:
        text = "You are in no team that I know of yet. Say `/bets` in your team's channel, and open this tab again."
        return {"type": "home", "blocks": [kit.section(text)]}
    blocks = [block for part in parts[:MOST_TEAMS] for block in [*_part(part), kit.divider()]]
    more = (
        "`/bets summary` shows the team's bets" if any(part.may_place for part in parts) else "`/bets list` shows them"
    )
    return {"type": "home", "blocks": [*blocks, kit.context(f"{more} · `/bets help` lists the rest")]}


def _part(part: HomePart) -> list[kit.Block]:
    blocks = [kit.section(f"*In* <#{part.channel}>")]
    if part.paused:
        until = f" until {describe_date(part.paused_until)}" if part.paused_until else ""
        blocks.append(kit.context(f"The team is paused{until}: nothing is asked until it goes on."))
    blocks.append(kit.section(_waiting(part)))
    if part.undecided:
        blocks.append(kit.section(_undecided(part)))
    blocks.append(kit.section(_bets(part)))
    if part.ballots:
        blocks.append(kit.section("*Votes open*\n" + _some([_ballot(part, one) for one in part.ballots])))
    away = _away(part)
    return [*blocks, *([kit.context(*away)] if away else []), kit.actions(*_buttons(part))]


def _away(part: HomePart) -> list[str]:
    now = [f"You are away until {describe_date(part.away_until)}, that day included."] if part.away_until else []
    days = "; ".join(days_away(first, last) for first, last in part.planned[:5])
    return [*now, *([f"You will be away: {days}. `/bets away back` takes that back."] if days else [])]


def _waiting(part: HomePart) -> str:
    lines = [f"• {part.heading(bet)}: how sure are you? The confidence is missing." for bet in part.unsure]
    lines += [f"• {part.heading(bet)}: its scope waits for your sign-off, in its thread" for bet in part.sign_offs]
    lines += [
        f"• {kit.link(part.cards.get(bet.id), bet.key)}: does it hold? {kit.esc_line(one.text, 80)}"
        for bet, one in part.due
    ]
    lines += [f"• {part.heading(bet)}: no answer this week yet" for bet in part.unanswered]
    return "*Waiting for you*\n" + _some(lines) if lines else "Nothing waits for you."


def _undecided(part: HomePart) -> str:
    lines = [f"• {part.heading(facts.bet)} · {' · '.join(status_parts(facts)[:2])}" for facts in part.undecided]
    return "*Needs a decision*\n" + _some(lines) + "\nDecide with *More* on its card, also below `/bets show`."


def _bets(part: HomePart) -> str:
    shown = [(part.heading(facts.bet), facts) for facts in part.bets]
    lines = [
        f"• {bet} · {' · '.join(status_parts(facts))} · confidence {confidence_words(facts.confidence)}"
        for bet, facts in shown
    ]
    return "*Your bets*\n" + _some(lines) if lines else "You own no bet here."


def _ballot(part: HomePart, one: Ballot) -> str:
    what = "which of two versions is better?" if one.blind else "do these samples look right?"
    where = "its thread" if one.in_thread else "the channel"
    return f"• {part.heading(one.bet)}: {what} In {where}, until {one.closes}"


def _some(lines: Sequence[str]) -> str:
    most = min(MOST_LINES, sum(taken <= ROOM for taken in accumulate(len(line) + 1 for line in lines)))
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])


def _buttons(part: HomePart) -> list[kit.Block]:
    value, suffix = {"team": part.team_id}, str(part.team_id)
    asks = bool(part.due) or any(facts.bet.status == "live" for facts in part.bets)
    style = "primary" if part.unanswered or part.unsure or part.due else None
    buttons = [kit.button("Give my updates", Act.HOME_UPDATES, value, suffix=suffix, style=style)] if asks else []
    if part.may_place:
        buttons.append(kit.button("New bet", Act.NEW_BET, value, suffix=suffix))
    if not part.away_until:
        buttons.append(kit.button("I'm away", Act.HOME_AWAY, value, suffix=suffix))
    if part.away_until or part.planned:
        label = "I'm back" if part.away_until else "Not away after all"
        buttons.append(kit.button(label, Act.HOME_BACK, value, suffix=suffix))
    return [*buttons, kit.button("Settings", Act.HOME_CONFIG, value, suffix=suffix)] if part.is_lead else buttons
