"""A bet's demo: its link, the form of *I tried it*, and what people said."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.demos import FORM_FIELD, SAID_LIMIT, Try
from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import demo_link, heading
from bot.render.ids import Act, Modal

TRIED = "I tried it"
# How many people's words are shown, so long each.
_SHOWN, _WORDS = 3, 150


def tried_words(tries: Sequence[Try], names: Mapping[str, str]) -> str:
    """`2 people tried it: Ana “...”, Raj “...”`, the newest first; nothing while nobody has."""
    if not tries:
        return ""
    count = "1 person" if len(tries) == 1 else f"{len(tries)} people"
    said = [
        f"{kit.esc_line(names.get(one.user, one.user), 60)} “{kit.esc_line(one.said, _WORDS)}”"
        for one in tries[:_SHOWN]
    ]
    return f"{count} tried it: {', '.join(said)}" + (" and more" if len(tries) > _SHOWN else "")


def demo_message(bet: Bet, name: str) -> dict[str, Any]:
    """For the bet's thread: there is something to play with now."""
    text = f"{heading(bet)}: there is a demo to play with"
    said = f"*There is a demo to play with:* {demo_link(bet)}, says {kit.esc_line(name, 80)}."
    button = kit.button(TRIED, Act.DO, {"bet": bet.id}, suffix="tried", style="primary")
    return kit.message(text, [kit.section(said), kit.actions(button)])


def no_demo_message(bet: Bet) -> dict[str, Any]:
    """In the place of what the thread heard of a demo whose link is not the bet's any more."""
    now = "it has another link now, see below" if bet.demo_link else "its link was taken out"
    return kit.answer(f"There was a demo of {heading(bet)} to play with: {now}.")


def tried_modal(bet: Bet, private: dict[str, Any], own: str) -> dict[str, Any]:
    """*I tried it*: one sentence; `own` is what this person said before."""
    blocks = [
        kit.section(f"*{heading(bet)}*\n{demo_link(bet)}"),
        kit.field(FORM_FIELD, "What happened, in one sentence", kit.text_input(own, max_length=SAID_LIMIT)),
        kit.context("Everybody in the team sees it with your name. Press the button again to change it."),
    ]
    return kit.modal(Modal.TRIED, TRIED, blocks, submit="Send", private=private | {"bet": bet.id})


def tried_line(bet: Bet, count: int) -> str:
    """To whoever said it: how many have tried the demo by now."""
    return f"Thank you: {'1 person has' if count == 1 else f'{count} people have'} tried the demo of {heading(bet)}."
