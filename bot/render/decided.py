"""The words of what people decide, the same wherever it is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A decision in words: how the bet is now (`B-7 ...`), what somebody did, the deed itself, and a stamp."""

    now: str
    did: str
    deed: str = "the decision"
    stamp: str = ""


WORDS = {
    "kill": Words("is killed", "killed it", "the kill", "Killed"),
    "ship": Words("has shipped", "shipped it", "the shipping", "Shipped"),
    "double": Words("is doubled down on", "doubled down on it", "the doubling down", "Doubled down"),
    "keep": Words("is kept", "kept it", "the keep", "Kept"),
    "rebet": Words("is bet on again", "bet on it again", "the new bet on it", "Bet again"),
    "reopen": Words("is reopened", "reopened it", "the reopening"),
    "pause": Words("is paused", "paused it", "the pause"),
    "resume": Words("goes on", "resumed it", "the resuming"),
    "withdraw": Words("is withdrawn", "withdrew it", "the withdrawal", "Withdrawn"),
    "lapse": Words("has lapsed", "it lapsed"),
    "start": Words("has started", "started it"),
    "undo": Words("is as it was before", "undid a decision"),
}
