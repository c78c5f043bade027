"""Blind comparisons: pairs to choose from, what stands behind them, and how it went.

While one is open, nothing here is given the sets: what is not handed over cannot be named; an image is known by the
place where it is looked up when it is drawn. Blocks that change are named: `pair-<id>-text-<place>`, `pair-<id>-vote`,
`comparison-<id>-people`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.blind import SHOWN, VALUES, Comparison, Looked, Tally
from bot.domain.predictions import PredictionSet
from bot.domain.records import Bet
from bot.domain.votes import LEANING, PREFERRED
from bot.render import kit
from bot.render.bets import heading
from bot.render.ids import Act, Modal
from bot.render.pictures import Depicted, pairs_picture, place_of_picture, without_pictures
from bot.render.samples import metric_words
from bot.render.values import EXPECTED, SAYS, is_cut, row_blocks, short, whole_blocks

LABELS = {"left": "Left", "right": "Right", "same": "Same", "both_bad": "Both bad"}
OLD, NEW = "old", "new"
_TITLE = "Blind comparison"
# Fewer votes than this never say "preferred", however they fall (policy.md section 4).
_FEWEST = 7
_SURE, _LEANS = f"{PREFERRED:.0f}", f"{LEANING:.0f}"


@dataclass(frozen=True)
class Sided:
    """A pair as people see it: one input, two predictions, what this person said of them, and the images on the left
    and on the right, if it has any."""

    pair: int
    number: int
    input: Any
    expected: Any
    left: Any
    right: Any
    own: str | None = None
    images: tuple[Depicted, Depicted] | None = None


@dataclass(frozen=True)
class Round:
    """What a comparison shows: `pairs` of the message; `more` wait behind it. They were drawn from `differing` rows,
    of `shared` that both versions have."""

    id: int
    bet: Bet
    pairs: Sequence[Sided]
    more: int = 0


def comparison_message(
    shown: Round, differing: int, shared: int, closes: str, week: str = "", *, warned: bool = False
) -> dict[str, Any]:
    """Pairs to choose from; `closes` says when it ends, `week` names its picture, `warned` says that a version was
    named here lately."""
    title = f"{_TITLE} of two versions of {heading(shown.bet)}: which side is better?"
    how = (
        "Each version is on the left as often as on the right, the same for everybody. A vote can be changed. Names, "
        f"sides, seed and result are told {closes}."
    )
    drawn = f"Drawn at random from {differing:,} rows on which they differ, of {shared:,} that both have."
    lately = "_One of them was named here less than seven days ago, so some may know which is which._"
    blocks = [kit.section(f"*{title}*"), kit.context(how, drawn, *([lately] if warned else []))]
    depicted, place = list_depicted(shown.pairs), f"comparison-{shown.id}-picture"
    blocks += [place_of_picture(place)] if depicted else []
    blocks += [block for pair in shown.pairs for block in pair_blocks(pair)]
    if shown.more:
        button = kit.button("Judge more", Act.COMPARE_MORE, {"comparison": shown.id})
        blocks.append(kit.actions(button, block_id=f"comparison-{shown.id}-more"))
    message = kit.message(title, [*blocks, people_block(shown.id, 0)])
    return message | ({"pictures": [pairs_picture(shown.bet.key, week, depicted, place)]} if depicted else {})


def list_depicted(pairs: Sequence[Sided]) -> list[tuple[Depicted, Depicted]]:
    """The images of these pairs, of those that have any."""
    return [pair.images for pair in pairs if pair.images]


def pair_blocks(pair: Sided) -> list[kit.Block]:
    """One pair: what went in, the two predictions, and the four buttons."""
    said = f"*Left* {short(pair.left, SAYS)}\n*Right* {short(pair.right, SAYS)}"
    if pair.expected is not None:
        said += f"\n*Expected* {short(pair.expected, EXPECTED)}"
    cut = is_cut(pair.input, (pair.left, SAYS), (pair.right, SAYS), (pair.expected, EXPECTED))
    more = kit.button("Show all", Act.COMPARE_WHOLE, {"pair": pair.pair}) if cut else None
    votes = [
        kit.button(LABELS[value], Act.COMPARE_VOTE, {"pair": pair.pair}, suffix=value,
                   style="primary" if pair.own == value else None)
        for value in VALUES
    ]  # fmt: skip
    blocks = row_blocks(f"*{pair.number}.*", pair.input, said, more)
    shown = [kit.named(f"pair-{pair.pair}-text-{place}", block) for place, block in enumerate(blocks)]
    return [*shown, kit.actions(*votes, block_id=f"pair-{pair.pair}-vote")]


def people_block(comparison_id: int, people: int, *, closed: bool = False) -> kit.Block:
    """How many people have voted; never how."""
    who = "Nobody has" if not people else "1 person has" if people == 1 else f"{people} people have"
    text = f"Closed. {who} voted; how it went stands below." if closed else f"{who} voted so far."
    return kit.named(f"comparison-{comparison_id}-people", kit.context(text))


def forgotten_pairs(payload: dict[str, Any], pairs: Sequence[int]) -> dict[str, Any]:
    """The message without what the two said, since the rows of one were deleted; the sides stay."""
    for pair in pairs:
        gone = [kit.context("The rows of this pair were deleted.")]
        payload = kit.replace_blocks(payload, f"pair-{pair}-text-", gone)
    return without_pictures(payload)


def closed_message(
    payload: dict[str, Any], comparison_id: int, people: int, sides: Mapping[int, tuple[str, str]]
) -> dict[str, Any]:
    """The message once it is over: in the place of each pair's buttons stands which version was where. `sides` are the
    labels on the left and on the right, by the pair's id; *Show all* stays."""
    payload = kit.replace_blocks(payload, f"comparison-{comparison_id}-more", [])
    for pair, (left, right) in sides.items():
        told = kit.context(f"Left {kit.esc_line(left, 80)}, right {kit.esc_line(right, 80)}")
        payload = kit.replace_blocks(payload, f"pair-{pair}-vote", [told])
    judged = people_block(comparison_id, people, closed=True)
    return kit.replace_blocks(payload, f"comparison-{comparison_id}-people", [judged])


def result_message(
    bet: Bet,
    one: Comparison,
    versions: tuple[PredictionSet, PredictionSet],
    looked: Sequence[Looked],
    tally: Tally,
    conflict: str = "",
) -> dict[str, Any]:
    """How a comparison went, for the bet's thread: the old version and the new one by name, and every pair; `conflict`
    is what the numbers say against it."""
    words = tally_words(tally)
    named = [f"The {age} one is {_version(found)}." for age, found in zip((OLD, NEW), versions, strict=True)]
    blocks = [kit.section("\n".join([f"*{_TITLE}*", f"{words}.", *named]))]
    blocks += [kit.section(conflict)] if conflict else []
    blocks += [kit.section("\n".join(_pair_line(pair) for pair in looked if pair.votes))] if tally.people else []
    ties = "1 was" if tally.ties == 1 else f"{tally.ties} were"
    small = (
        f"Seed {one.seed}. Counted are votes for a side, one for each person and pair; {ties} for neither. E-value "
        f"{_e_value(tally)}: from {_LEANS} on it leans, from {_SURE} on it is preferred, if enough pairs say so too."
    )
    return kit.message(f"{bet.key}, {_TITLE.lower()}: {words}", [*blocks, kit.context(small)])


def _version(found: PredictionSet) -> str:
    metric = f", {metric_words(found.metric)}" if found.metric else ""
    return f"{kit.esc_line(found.label, 80)} ({kit.esc_line(found.file, 80)}{metric})"


def _pair_line(looked: Looked) -> str:
    counts = zip(looked.count(), (NEW, OLD, "neither"), strict=True)
    side = NEW if looked.new_left else OLD
    return f"*{looked.number}.* {', '.join(f'{count} {word}' for count, word in counts if count)} (left: {side})"


def _e_value(tally: Tally) -> str:
    return f"{tally.e_value:.1f}" if tally.e_value < 1_000 else "over 1,000"


def tally_words(tally: Tally) -> str:
    """`7 of 7 preferred the new one`, or how far it is from that."""
    if not tally.sided:
        return "Too few votes to say: nobody chose a side"
    age, most = (OLD, tally.losses) if tally.ahead < 0 else (NEW, tally.wins)
    said = f"{most} of {tally.sided} preferred the {age} one"
    if tally.claim == "preferred":
        return said
    if tally.claim:
        return f"Leaning to the {age} one: {most} of {tally.sided} preferred it"
    return f"{'Too few votes to say' if tally.sided < _FEWEST else 'No clear preference'}: {said}"


def compared_answer(shown: Round) -> dict[str, Any]:
    """To somebody who has voted on all pairs of the message."""
    more = f" *Judge more* has {shown.more} more." if shown.more else ""
    return kit.answer(f"You have compared all pairs of {heading(shown.bet)}.{_own_lines(shown.pairs)}{more}")


def _own_lines(pairs: Sequence[Sided]) -> str:
    said = [f"\n*{one.number}.* {_own(one)}" for one in pairs]
    return "".join(said) + "\nHow others voted is told at the close; until then a vote can be changed."


def _own(pair: Sided) -> str:
    return f"you said {LABELS[pair.own].lower()}" if pair.own else "no vote of yours yet"


def compare_more_modal(shown: Round, rest: Sequence[Sided], page: int, pages: int) -> dict[str, Any]:
    """A person's own votes, and one page of the pairs that the message does not show; nobody else's votes."""
    blocks = [kit.section(f"*{heading(shown.bet)}*"), kit.section("*In the message*" + _own_lines(shown.pairs))]
    if rest:
        where = f", page {page + 1} of {pages}" if pages > 1 else ""
        blocks += [kit.divider(), kit.section(f"*More pairs*{where}")]
    if list_depicted(rest):
        blocks.append(kit.context("The images with these numbers are in your direct messages with me."))
    for pair in rest:
        blocks += [*pair_blocks(pair), kit.context(_own(pair).capitalize() + ".")]
    steps = [("Previous", page - 1), ("Next", page + 1)]
    turns = [
        kit.button(label, Act.COMPARE_PAGE, {"comparison": shown.id, "page": to}, suffix=label.lower())
        for label, to in steps
        if 0 <= to < pages
    ]
    blocks += [kit.actions(*turns)] if turns else []
    private = {"comparison": shown.id, "page": page}
    return kit.modal(Modal.COMPARE_MORE, "Judge more", blocks, close="Close", private=private)


def whole_pair_modal(pair: Sided, bet: Bet) -> dict[str, Any]:
    """One pair with nothing left out."""
    parts = [("Input", pair.input), ("Left", pair.left), ("Right", pair.right), ("Expected", pair.expected)]
    blocks = [kit.section(f"*{heading(bet)}*, pair {pair.number}")]
    if pair.images:
        where = "the message's picture" if pair.number <= SHOWN else "the picture in your direct messages"
        blocks.append(kit.context(f"What it shows is number {pair.number} in {where}."))
    blocks += whole_blocks(parts)
    return kit.modal(Modal.SHOW_ALL, "Show all", blocks, close="Close")


def choose_modal(bet: Bet, sets: Sequence[PredictionSet]) -> dict[str, Any]:
    """Which two sets are to be compared; the newest two unless others are chosen. `sets` are the oldest first."""
    choices = [(str(one.id), one.label) for one in reversed(sets)]
    blocks = [
        kit.section(f"*{heading(bet)}*"),
        kit.field(OLD, "Baseline", kit.select(choices, str(sets[-2].id))),
        kit.field(NEW, "New version", kit.select(choices, str(sets[-1].id))),
        kit.context("Pairs of both are posted in the bet's thread without names, until the comparison closes."),
    ]
    return kit.modal(Modal.COMPARE, "Blind comparison", blocks, submit="Compare", private={"bet": bet.id})


def started_answer(bet: Bet, closes: str) -> dict[str, Any]:
    """To whoever asked for a comparison."""
    return kit.answer(f"A blind comparison of {heading(bet)} is in its thread; the result comes {closes}.")
