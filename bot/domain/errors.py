"""The one kind of error that is meant for people."""


class Refusal(Exception):
    """Something a person asked for cannot be done; `message` is one sentence that says why and what to do.

    `fields` maps a field's name (as in the form's input) to the sentence shown beside it; without it the sentence is
    shown to the person as an answer. It may quote what they typed as it is: whoever shows it escapes it. Anything else
    that is raised is a bug.
    """

    def __init__(self, message: str, field: str | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields if fields is not None else ({field: message} if field else {})


class Duplicate(Exception):
    """Slack delivered the same command, click or submission again; its effect is already stored."""
