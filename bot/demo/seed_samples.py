"""Prediction sets in the demo's story: pushed as by a training job, and judged by the team."""

from collections.abc import Iterable

from bot.actions.judging import do_judge
from bot.actions.predictions import do_add_set, read_incoming
from bot.actions.samples import get_part
from bot.cli_predictions import BY
from bot.demo.story_samples import FILES, Pushed
from bot.domain.approval import BAD, GOOD, WEIRD
from bot.domain.predictions import Prediction
from bot.domain.records import Actor, Bet, Team
from bot.render.samples import Part
from bot.runtime import Bot
from bot.store.samples import list_draws, list_rounds
from bot.store.tables import sample_draws, sample_rounds

_VOTES = {"g": GOOD, "b": BAD, "w": WEIRD}


def push(bot: Bot, team: Team, bet: Bet, pushed: Pushed) -> None:
    """A training job pushes a version."""
    incoming = read_incoming(pushed.file, (FILES / pushed.file).read_bytes(), pushed.label, pushed.metric)
    with bot.transaction() as tx:
        do_add_set(tx, bot.now(), team, bet, incoming, "push", BY)


def list_open_parts(bot: Bot) -> list[Part]:
    """What can be judged now, bet by bet."""
    with bot.reading() as tx:
        running = [one.id for one in list_rounds(tx, sample_rounds.c.closed_at.is_(None))]
        return [get_part(tx, one) for one in list_draws(tx, sample_draws.c.round_id.in_(running))]


def judge(bot: Bot, actor: Actor, parts: Iterable[Part], versions: Iterable[Pushed]) -> None:
    """One person says of each sample what the story has them say, in one go."""
    said = {one.file: one.votes.get(actor.user, "") for one in versions}
    with bot.transaction() as tx:
        for part in parts:
            votes = said[part.found.file]
            for at, shown in enumerate(part.samples if votes else ()):
                do_judge(tx, bot.now(), actor, shown.sample.id, _vote(votes[at % len(votes)], shown.row))


def _vote(letter: str, row: Prediction) -> str:
    return _VOTES.get(letter) or (GOOD if row.prediction == row.expected else BAD)
