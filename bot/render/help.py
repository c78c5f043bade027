"""What `/bets help` says."""

from typing import Any

from bot.render import kit
from bot.render.ids import Act, cut_to_fit


def help_message(words: list[tuple[str, str]]) -> dict[str, Any]:
    """All the words of `/bets` with what each does; `words` are (usage, hint)."""
    lines = [_line(usage, hint) for usage, hint in words]
    blocks = [kit.section("*Bets* keeps the team's bets: what you try, how sure you are, and when to stop.")]
    blocks += [kit.section("\n".join(lines[start : start + 12])) for start in range(0, len(lines), 12)]
    blocks += [kit.context("In a thread, where Slack takes no commands, mention me with the same words: `@Bets show`.")]
    blocks.append(kit.actions(kit.button("New bet", Act.NEW_BET)))
    return kit.message("What /bets can do", blocks)


def word_answer(usage: str, hint: str) -> dict[str, Any]:
    """One of the words with what it does."""
    return kit.answer(_line(usage, hint))


def _line(usage: str, hint: str) -> str:
    return f"`/bets {usage}`  {hint}"


def open_form_answer(channel: str, words: str, thread: str | None) -> dict[str, Any]:
    """To a mention that needs a form: Slack opens one only for a press."""
    value = {"channel": channel, "words": words, "thread": thread}
    fitting = cut_to_fit(value, "words")
    button = kit.button("Open the form", Act.OPEN_MODAL, fitting)
    text = "Slack opens a form only for a press:"
    if fitting != value:
        text = (
            "Your words are longer than a button carries, so the form holds their beginning; your message has them all."
        )
    return kit.answer(text, kit.actions(button))
