"""What people say for a command that goes by another name, or for what is a button and no command."""

_SAID = {
    "kill": "stop end close cancel abort drop fail failed",
    "ship": "done finish finished complete launch release",
    "withdraw": "delete remove",
    "new": "add create place bet idea",
    "show": "open view info details card",
    "list": "bets all mine",
    "summary": "status report overview portfolio dashboard chart",
    "history": "log story",
    "update": "answer confidence check-in checkin checkins",
    "scope": "spec brief assumption assumptions",
    "predictions": "prediction samples sample judge vote votes",
    "compare": "comparison blind",
    "graveyard": "killed learnings lessons",
    "away": "holiday vacation leave ooo absent snooze back",
    "config": "settings setup set-up configure",
    "help": "hi hello hey ? commands",
}
COMMANDS = {said: command for command, words in _SAID.items() for said in words.split()}
_UNDER_MORE = ("edit", "rename", "change", "owner", "owners", "title", "tag", "tags", "appetite")


def command_for(said: str) -> str | None:
    """The command that goes by another name: `kill` for `stop`; None for what nobody says for one."""
    return COMMANDS.get(said.lower())


def button_for(said: str, key: str) -> str | None:
    """Where the button is that does it, in one sentence with code marks; `key` is the bet's."""
    if said.lower() in _UNDER_MORE:
        return f"Edit is under More on the bet's card, which `/bets show {key}` shows too."
    return "Undo is a button below the decision, in the bet's thread." if said.lower() in ("undo", "revert") else None
