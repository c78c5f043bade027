"""Prediction sets in the demo's story: pushed as by a training job, and judged by the team."""

from collections.abc import Iterable

from bot.actions.comparing import do_vote
from bot.actions.comparisons import get_shown
from bot.actions.judging import do_judge
from bot.actions.predictions import do_add_set, read_incoming
from bot.actions.samples import get_part
from bot.cli_predictions import BY
from bot.demo.story_samples import FILES, VERSIONS, Pushed
from bot.domain.approval import BAD, GOOD, WEIRD
from bot.domain.blind import BOTH_BAD, LEFT, RIGHT, SAME, Comparison
from bot.domain.predictions import Prediction
from bot.domain.records import Actor, Bet, Team
from bot.render.comparisons import Sided
from bot.render.samples import Part
from bot.runtime import Bot
from bot.store.comparisons import list_comparisons, list_pairs
from bot.store.predictions import list_sets
from bot.store.samples import list_draws, list_rounds
from bot.store.tables import comparison_pairs, comparisons, prediction_sets, sample_draws, sample_rounds

_VOTES = {"g": GOOD, "b": BAD, "w": WEIRD}
_BLIND = {"s": SAME, "b": BOTH_BAD}


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


def judge(bot: Bot, actor: Actor, parts: Iterable[Part]) -> None:
    """One person says of each sample what the story has them say, in one go."""
    with bot.transaction() as tx:
        for part in parts:
            votes = VERSIONS[part.found.file].votes.get(actor.user, "")
            for at, shown in enumerate(part.samples if votes else ()):
                do_judge(tx, bot.now(), actor, shown.sample.id, _vote(votes[at % len(votes)], shown.row))


def _vote(letter: str, row: Prediction) -> str:
    return _VOTES.get(letter) or (GOOD if row.prediction == row.expected else BAD)


def list_running(bot: Bot) -> list[Comparison]:
    """The open comparisons."""
    with bot.reading() as tx:
        return list_comparisons(tx, comparisons.c.closed_at.is_(None))


def compare(bot: Bot, actor: Actor, running: Iterable[Comparison]) -> None:
    """One person says of each pair which side they prefer, in one go."""
    with bot.transaction() as tx:
        for one in running:
            [new] = list_sets(tx, prediction_sets.c.id == one.new_id)
            votes = VERSIONS[new.file].blind.get(actor.user, "")
            pairs = list_pairs(tx, comparison_pairs.c.comparison_id == one.id)
            new_left = {pair.id: pair.left_id == new.id for pair in pairs}
            for at, pair in enumerate(get_shown(tx, one).pairs if votes else ()):
                value = _preferred(votes[at % len(votes)], pair, new_left[pair.pair])
                do_vote(tx, bot.now(), actor, pair.pair, value)


def _preferred(letter: str, pair: Sided, new_left: bool) -> str:
    if letter in "no":
        return LEFT if new_left == (letter == "n") else RIGHT
    right = (pair.left == pair.expected, pair.right == pair.expected)
    found = {(True, False): LEFT, (False, True): RIGHT, (True, True): SAME, (False, False): BOTH_BAD}
    return _BLIND.get(letter) or found[right]
