"""The Monday message, the prompt in each bet's thread, and the reminder by DM."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.domain.calendar import say_week
from bot.domain.records import Bet
from bot.domain.scoping import Assumption
from bot.domain.zones import describe_date
from bot.render import kit
from bot.render.assumptions import AskedAssumption, assumption_prompt_blocks
from bot.render.criteria import AskedCriterion, criteria_prompt_blocks
from bot.render.ids import Act

# All text of one message together; Slack refuses somewhat above 12,000 characters.
MESSAGE_TEXT = 9_000
_MOST_DUE = 5


# What is said in a thread is public; the card is the thread's first message.
UNSEEN = "to answer unseen, use Give my updates on the check-in in the channel, or Answer on this card"
# In the place of the question where there is nobody to ask it.
_DUE = "Here is what is due to be looked at."


class Named(NamedTuple):
    """Somebody in the list of a check-in: whether they have answered, and whether they are away, so not waited for."""

    name: str
    answered: bool
    away: bool = False


@dataclass(frozen=True)
class RoundFacts:
    """A check-in as its message tells it: each live bet with its owners, and who else has answered; of the `ownerless`
    (by their ids) no owner is in the channel any more."""

    week: str
    lines: Sequence[tuple[Bet, Sequence[Named]]]
    answered: int
    expected: int
    moved_from: date | None = None
    missed: Sequence[str] = field(default_factory=tuple)
    is_newest: bool = True
    ownerless: Container[int] = ()

    @property
    def orphaned(self) -> bool:
        """Whether nobody can answer any more: no listed bet has an owner who is there."""
        return all(bet.id in self.ownerless for bet, _ in self.lines)


def list_sections(
    lines: Sequence[str], more: str = "and {} more", gap: str = "\n", most: int = MESSAGE_TEXT
) -> list[kit.Block]:
    """Lines as few paragraphs, as many as fit into one message, or into `most` signs; the rest is counted."""
    sections: list[kit.Block] = []
    text, used = "", 0
    for place, line in enumerate(lines):
        if used + len(line) > most:
            text += "\n" + more.format(len(lines) - place)
            break
        if text and len(text) + len(line) > kit.TEXT - 60:
            sections.append(kit.section(text))
            text = ""
        text += f"{gap}{line}" if text else line
        used += len(line)
    return [*sections, kit.section(text)] if text else sections


def checkin_message(facts: RoundFacts) -> dict[str, Any]:
    """The round in the channel: who has answered, who is away, never who has not; it mentions nobody. Only the newest
    takes more."""
    bets = "1 bet" if len(facts.lines) == 1 else f"{len(facts.lines)} bets"
    title = f"Check-in, {say_week(facts.week)}"
    lines = [
        f"*{bet.key}* {kit.esc_line(bet.title, 100)}: {_owners(owners, bet.id in facts.ownerless)}"
        for bet, owners in facts.lines
    ]
    came = (
        f"; {facts.answered} {'answer' if facts.answered == 1 else 'answers'} came in before" if facts.answered else ""
    )
    over = f"No bet of this round is live any more{came}."
    count = _count(facts) if facts.lines else over
    blocks = [
        kit.header(title),
        *[kit.context(note) for note in _notes(facts)],
        *list_sections(lines),
        kit.section(count),
    ]
    if facts.is_newest and not facts.orphaned:
        blocks.append(kit.actions(kit.button("Give my updates", Act.GIVE_UPDATES, style="primary")))
    waits = facts.lines and facts.expected
    short = f"{bets}, {facts.answered} of {facts.expected} answers are in" if waits else count.replace("*", "")
    return kit.message(f"{title}: {short}", blocks)


def _count(facts: RoundFacts) -> str:
    """How many answers came; why none is waited for, where that is so."""
    count = f"*{facts.answered} of {facts.expected}* answers are in." if facts.expected else ""
    if facts.orphaned and facts.is_newest:
        return f"{count} Nobody is left to answer: name an owner with *More*, *Edit* on a card.".strip()
    none = "Everybody is away, so no answer is waited for." if facts.is_newest else "No answer was waited for."
    ownerless = facts.is_newest and any(bet.id in facts.ownerless for bet, _ in facts.lines)
    return (count or none) + (" A bet without an owner gets one with *More*, *Edit* on its card." if ownerless else "")


def _owners(owners: Sequence[Named], ownerless: bool) -> str:
    marks = [" ✓" if one.answered else " (away)" if one.away else "" for one in owners]
    names = [f"{kit.esc_line(one.name, 60)}{mark}" for one, mark in zip(owners[:20], marks, strict=False)]
    return ", ".join([*names, "without an owner"] if ownerless else names)


def _notes(facts: RoundFacts) -> list[str]:
    notes = []
    if facts.moved_from:
        notes.append(f"Moved from {describe_date(facts.moved_from)}, which is a holiday.")
    if facts.missed:
        weeks = ", ".join(map(say_week, facts.missed))
        were = "is 1 week" if len(facts.missed) == 1 else f"are {len(facts.missed)} weeks"
        notes.append(f"There {were} in which I asked nobody: {weeks}. This round asks for this week only.")
    return notes


def prompt_message(
    bet: Bet,
    checkin_id: int,
    week: str,
    question: str,
    asked: Sequence[str],
    due: Sequence[AskedCriterion] = (),
    assumptions: Sequence[AskedAssumption] = (),
) -> dict[str, Any]:
    """The question in the bet's own thread; `asked` are mentioned: its owners who are not away. The kill criteria that
    are `due` are asked with it, and the `assumptions` whose day has come; of a bet without owners they alone."""
    mentions = [f"<@{user}>" for user in asked[:40]]
    question = question if bet.owners else _DUE
    answers = [
        kit.context(f"Reply here, for example `70% works on a small set`; {UNSEEN}."),
        kit.actions(kit.button("No change", Act.NO_CHANGE, {"bet": bet.id, "checkin": checkin_id})),
    ]
    blocks = [
        kit.section(f"{' '.join([f'*{say_week(week, begins=True)}*', *mentions])}\n{question}"),
        *(answers if bet.owners else []),
        *criteria_prompt_blocks(bet, checkin_id, due),
        *assumption_prompt_blocks(bet, assumptions),
    ]
    return kit.message(f"{bet.key} {kit.esc_line(bet.title, 100)}: {question}", blocks)


def reminder_message(
    team_channel: str,
    unanswered: Sequence[Bet],
    unsure: Sequence[Bet],
    checkin_id: int,
    sign_offs: Sequence[Bet] = (),
    due: Sequence[tuple[Bet, Assumption]] = (),
    *,
    snooze: bool,
    again: str = "",
    team: int | None = None,
    cards: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The DM to somebody who still owes answers or a confidence, whose sign-off scopes wait for, or whose assumptions
    are due. `again`: when it asks once more, because they put it off; `team`: whose it
    is, where no check-in says so; `cards`: where those of the bets to sign off are, by the bet's id."""
    updates, lines = [*unanswered, *unsure], []
    if unanswered:
        lines.append(f"<#{team_channel}> would like to hear from you about {_bets(unanswered)}. It takes a minute.")
    if unsure:
        lines.append(f"How sure are you about {_bets(unsure)}? Your answer is in, the confidence is still open.")
    if due:
        shown = [f"“{kit.esc_line(one.text, 100)}” (*{bet.key}*)" for bet, one in due[:_MOST_DUE]]
        more = f" and {len(due) - _MOST_DUE} more" if len(due) > _MOST_DUE else ""
        lines.append(f"Does it hold? {', '.join(shown)}{more}")
    paragraphs = [kit.section("\n".join(lines))] if lines else []
    if sign_offs:
        waiting = f"Your sign-off is waited for: {_bets(sign_offs, cards=cards)}."
        where = f"Read the scope in the bet's thread in <#{team_channel}> and press *Sign off* there."
        paragraphs.append(kit.section(f"{waiting} {where}"))
    value = {"checkin": checkin_id} if team is None else {"team": team}
    buttons = [kit.button("Answer", Act.DM_ANSWER, value, style="primary")] if updates or due else []
    buttons += [kit.button("Snooze", Act.SNOOZE, value)] if snooze else []
    buttons.append(kit.button("I'm away", Act.AWAY, value))
    named = (("update", updates), ("look at an assumption", [bet for bet, _ in due]), ("sign-off", sign_offs))
    open_ones = [f"your {what} on {_keys(bets)}" for what, bets in named if bets]
    text = f"Still open: {', '.join(open_ones)}"
    put_off = [kit.context(f"I will ask you again on {again}.")] if again else []
    return kit.message(text, [*paragraphs, *put_off, kit.actions(*buttons)])


def _keys(bets: Sequence[Bet]) -> str:
    return ", ".join(dict.fromkeys(bet.key for bet in bets[:10]))


def done_message(week: str, *, all_in: bool, over: bool) -> dict[str, Any]:
    """In the place of a reminder once nothing of it is open: `all_in` is whether the person gave every answer that they
    were asked for, `over` whether the week is closed."""
    if all_in:
        return kit.answer("Thank you, all your answers of this week are in.")
    ended = f"The check-in of the {say_week(week)} is over, and nothing of it waits for you."
    return kit.answer(ended if over else "Thank you, nothing of this week waits for you any more.")


def snoozed_message(until: str) -> dict[str, Any]:
    """In the place of a reminder that was put off, once the newer one has come."""
    return kit.answer(f"Snoozed until {until}: what is open stands in the newer reminder.")


def over_message(week: str) -> dict[str, Any]:
    """In the place of a reminder whose week is over."""
    return kit.answer(f"The check-in of the {say_week(week)} is over. What is open now is asked in the newest one.")


def _bets(bets: Sequence[Bet], most: int = 10, cards: Mapping[int, str] = MappingProxyType({})) -> str:
    names = [f"*{kit.link(cards.get(bet.id), bet.key)}* {kit.esc_line(bet.title, 80)}" for bet in bets[:most]]
    return ", ".join(names) + (f" and {len(bets) - most} more" if len(bets) > most else "")


def confidence_question(update_id: int, key: str, *, by_reply: bool = True, edited: bool = False) -> dict[str, Any]:
    """Asks one person how sure they are, under their reply (new, or `edited` so that it lost its number) or their
    command; only a reply may have been no update, and only of a reply nothing else has said that it is noted."""
    values = (10, 30, 50, 70, 90)
    buttons = [
        kit.button(f"{value}%", Act.CONFIDENCE, {"update": update_id, "value": value}, suffix=str(value))
        for value in values
    ]
    buttons.append(kit.button("Other...", Act.CONFIDENCE_OTHER, {"update": update_id}))
    if by_reply:
        buttons.append(kit.button("Not an update", Act.NOT_AN_UPDATE, {"update": update_id}))
    noted = "Noted as your update on {}" if not edited else "Your edited update on {} says no confidence any more"
    asked = "How sure are you that it works out within its appetite?"
    text = f"{noted.format(key)}. {asked}" if by_reply else asked
    return kit.message(text, [kit.section(text), kit.actions(*buttons)])


def not_recorded_answer(why: str) -> dict[str, Any]:
    """Under a reply that was meant as an answer and cannot be one, and why."""
    kept = "What you wrote stays here; a pushpin on it saves it to the bet's history."
    return kit.answer(f"{kit.esc_refusal(why)} {kept}")
