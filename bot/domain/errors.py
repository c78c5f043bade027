"""The one kind of error that is meant for people."""

import re

# Around what stands as code in a sentence of ours: noncharacters, which nobody types, so that no backtick that is
# quoted of people is taken for one.
CODE, END = "\ufdd0", "\ufdd1"


def own(sentence: str) -> str:
    """Words that quote nobody, for a refusal: what they have in backticks is shown as code, where Slack can."""
    return re.sub("`([^`]*)`", rf"{CODE}\1{END}", sentence)


def in_backticks(sentence: str) -> str:
    """The sentence as plain text."""
    return sentence.replace(CODE, "`").replace(END, "`")


class Refusal(Exception):
    """Something a person asked for cannot be done; `message` is one sentence that says why and what to do, in plain
    text; `marked` is the same for `kit.esc_refusal`, with what is code in it. Buttons are named without any mark.

    `fields` maps a field's name (as in the form's input) to the sentence shown beside it; without it the sentence is
    shown to the person as an answer. It may quote what they typed as it is: whoever shows it escapes it. Anything else
    that is raised is a bug.
    """

    def __init__(self, message: str, field: str | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(in_backticks(message))
        self.message, self.marked = in_backticks(message), message
        beside = fields if fields is not None else ({field: message} if field else {})
        self.fields = {name: in_backticks(sentence) for name, sentence in beside.items()}


class Duplicate(Exception):
    """Slack delivered the same command, click or submission again; its effect is already stored."""
