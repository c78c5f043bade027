"""*Would we start it today?*: a blind vote by people who do not own the bet."""

from collections.abc import Sequence
from typing import Any

from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading
from bot.render.ids import Modal

QUESTION = "Would we start it today?"
VALUES = (("yes", "Yes"), ("no", "No"), ("unsure", "Unsure"))
VOTE, WHY = "vote", "why"
WHY_LIMIT = 300
BLIND = (
    "Nobody is shown your vote with your name in Slack. The tally comes after you voted, and in the packet at the "
    "decision or Friday's close. A lead's export has it."
)


def start_vote_modal(bet: Bet, learning: str | None, private: dict[str, Any], own: str | None) -> dict[str, Any]:
    """The bet as if it were new: problem, hypothesis and what was learned last, without what it has cost.

    `own` is how this person voted before; nobody else's vote is in it.
    """
    blocks = [kit.section(f"*{heading(bet)}*"), kit.section("*Problem*"), kit.typed(bet.problem)]
    for title, text in (("Hypothesis", bet.hypothesis), ("Learned last", learning)):
        if text:
            blocks += [kit.section(f"*{title}*"), kit.typed(text)]
    blocks += [
        kit.field(VOTE, QUESTION, kit.select(VALUES, own)),
        kit.field(WHY, "Why, in one sentence", kit.text_input(max_length=WHY_LIMIT), optional=True),
        kit.context(BLIND),
    ]
    return kit.modal(Modal.START_TODAY, QUESTION, blocks, submit="Vote", private=private)


def voted_modal(votes: Sequence[str]) -> dict[str, Any]:
    """To somebody who has voted: how it stands."""
    text = f"{tally_line(votes)}. You can change your vote until the bet is decided about or the week is closed."
    return kit.notice_modal(Modal.NOTICE, QUESTION, text)


def tally_line(votes: Sequence[str]) -> str:
    """How the vote went: `Would we start it today? 3 yes, 1 no, 1 unsure`."""
    counts = ", ".join(f"{votes.count(value)} {value}" for value, _ in VALUES)
    return f"{QUESTION} {counts}"
