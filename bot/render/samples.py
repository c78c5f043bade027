"""Samples of predictions: the message in which people judge them, what stands behind it, and how it went.

Blocks that change are named: `sample-<id>-text-<place>`, `sample-<id>-vote`, `draw-<id>-more`, `round-<id>-judges`;
in a result: `disputed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.approval import VALUES, Approval, Judged
from bot.domain.drawing import DISLIKED, LOWEST
from bot.domain.links import is_link
from bot.domain.predictions import Metric, Prediction, PredictionSet, Sample, SampleDraw
from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading
from bot.render.ids import Act, Modal
from bot.render.pictures import Depicted, letter, place_of_picture, samples_picture, without_pictures
from bot.render.sample_notes import Noted, notes_blocks
from bot.render.values import BULLET, EXPECTED, SAYS, in_line, in_words, is_cut, row_blocks, short, whole_blocks

PAGE, _QUOTE = 5, 150
_DISPUTED = "disputed"
LABELS = {"good": "Good", "bad": "Bad", "weird": "Weird"}


@dataclass(frozen=True)
class Shown:
    """A sample with its row, with this person's vote on it and how everybody voted; `link` is where to look at it, of a
    set of which nothing else is kept."""

    sample: Sample
    row: Prediction
    own: str | None = None
    judged: Judged | None = None
    link: str = ""


@dataclass(frozen=True)
class Part:
    """What one bet shows in a message."""

    bet: Bet
    draw: SampleDraw
    found: PredictionSet
    samples: Sequence[Shown] = field(default_factory=tuple)
    more: bool = False


def samples_message(parts: Sequence[Part], round_id: int, closes: str, week: str = "") -> dict[str, Any]:
    """Samples to be judged, numbered through; `closes` says when the round does, `week` names its pictures."""
    keys = ", ".join(part.bet.key for part in parts)
    how = (
        "*Weird* is for what is made up. To note something on a sample, start a reply in this thread with its number: "
        f"`2. ...`. The result comes {closes}, in the bet's thread."
    )
    blocks = [kit.header("Sample predictions: do they look right?"), kit.context(how)]
    for part in parts:
        blocks += _part_blocks(part)
    message = kit.message(f"Sample predictions of {keys}: do they look right?", [*blocks, judges_block(round_id, 0)])
    pictures = [
        samples_picture(part.bet.key, week, shown, _place(part)) for part in parts if (shown := _depicted(part))
    ]
    return message | ({"pictures": pictures} if pictures else {})


def _place(part: Part) -> str:
    return f"draw-{part.draw.id}-picture"


def _depicted(part: Part) -> list[Depicted]:
    return [depicted(str(one.sample.number), part.found, one) for one in part.samples if one.row.has_image]


def depicted(name: str, found: PredictionSet, one: Shown) -> Depicted:
    """A sample's image, under the number or letter that the sample goes by."""
    return Depicted(name, found.id, one.sample.position, in_words(one.row.prediction))


def _part_blocks(part: Part) -> list[kit.Block]:
    blocks = [kit.divider(), kit.section(f"*{heading(part.bet)}*"), kit.context(provenance(part.found))]
    blocks += [place_of_picture(_place(part))] if _depicted(part) else []
    for shown in part.samples:
        blocks += sample_blocks(shown)
    if part.more:
        button = kit.button("Judge more", Act.JUDGE_MORE, {"draw": part.draw.id})
        blocks.append(kit.actions(button, block_id=f"draw-{part.draw.id}-more"))
    return blocks


def provenance(found: PredictionSet) -> str:
    """Where samples come from, so that anybody can draw them again: file, rows, seed, label, metric."""
    rows = "1 row" if found.count == 1 else f"{found.count:,} rows"
    said = [f"{kit.esc_line(found.file, 80)}, {rows}, seed {found.seed}", f"label {kit.esc_line(found.label, 80)}"]
    return ", ".join(said + ([metric_words(found.metric)] if found.metric else []))


def metric_words(metric: Metric) -> str:
    """`accuracy 0.94`, with what is better where that is not plain."""
    lower = " (lower is better)" if metric.lower_is_better else ""
    return f"{kit.esc_line(metric.name, 40)} {metric.value:g}{lower}"


def sample_blocks(shown: Shown, name: str = BULLET) -> list[kit.Block]:
    """One sample: what went in, what came out, and the three buttons. `name` is for one that has no number."""
    name = f"*{shown.sample.number}.*" if shown.sample.number else name
    why = {DISLIKED: " _still wrong?_", LOWEST: " _the lowest score_"}.get(shown.sample.why, "")
    more = kit.button("Show all", Act.SHOW_ALL, {"sample": shown.sample.id}) if _is_cut(shown.row) else None
    if shown.link:
        blocks = [kit.section(f"{name}{why} row {kit.esc_line(shown.row.row, 80)} of {_linked(shown.link)}")]
    else:
        blocks = row_blocks(f"{name}{why}", shown.row.input, _says(shown.row), more)
    blocks = [kit.named(f"sample-{shown.sample.id}-text-{place}", block) for place, block in enumerate(blocks)]
    votes = [
        kit.button(LABELS[value], Act.VOTE, {"sample": shown.sample.id}, suffix=value, style=_style(shown.own, value))
        for value in VALUES
    ]
    return [*blocks, kit.actions(*votes, block_id=f"sample-{shown.sample.id}-vote")]


def _linked(link: str) -> str:
    return kit.link(link, "the set") if is_link(link) else kit.esc_line(link, 200)


def _style(own: str | None, value: str) -> str | None:
    return "primary" if own == value else None


def _says(row: Prediction) -> str:
    said = f"*Prediction* {short(row.prediction, SAYS)}"
    return said if row.expected is None else f"{said}\n*Expected* {short(row.expected, EXPECTED)}"


def _is_cut(row: Prediction) -> bool:
    """Whether the message cannot show all of a row."""
    return is_cut(row.input, (row.prediction, SAYS), (row.expected, EXPECTED))


def judges_block(round_id: int, judges: int, *, closed: bool = False) -> kit.Block:
    """How many people have judged; never how."""
    who = "Nobody has" if not judges else "1 person has" if judges == 1 else f"{judges} people have"
    text = f"Closed. {who} judged; how it went stands in the bet's thread." if closed else f"{who} judged so far."
    return kit.named(f"round-{round_id}-judges", kit.context(text))


def closed_message(payload: dict[str, Any], round_id: int, judges: int) -> dict[str, Any]:
    """The message without its buttons, once the round is over; *Show all* stays."""
    gone = ("-vote", "-more")
    blocks = [block for block in payload["blocks"] if not str(block.get("block_id", "")).endswith(gone)]
    judged = judges_block(round_id, judges, closed=True)
    return kit.replace_blocks(payload | {"blocks": blocks}, f"round-{round_id}-judges", [judged])


def ended_message(payload: dict[str, Any], round_id: int, judges: int) -> dict[str, Any]:
    """The message of a round that ended before its hour, since all that it showed was deleted."""
    known = closed_message(payload, round_id, judges)
    if judges:
        return known
    over = kit.named(f"round-{round_id}-judges", kit.context("Closed: it was deleted before anybody judged."))
    return kit.replace_blocks(known, f"round-{round_id}-judges", [over])


def forgotten_samples(payload: dict[str, Any], draw_id: int, sample_ids: Sequence[int]) -> dict[str, Any]:
    """The message without these samples, of a set that was deleted."""
    gone = [kit.context("The rows of this set were deleted; votes and results stay.")]
    for sample_id in sample_ids:
        after = kit.replace_blocks(payload, f"sample-{sample_id}-", gone)
        payload, gone = after, (gone if after is payload else [])
    return without_pictures(kit.replace_blocks(payload, f"draw-{draw_id}-more", []), f"draw-{draw_id}-picture")


def result_message(
    bet: Bet, found: PredictionSet, approval: Approval, conflict: str = "", disputed: Any = None
) -> dict[str, Any]:
    """How a bet's samples were judged, for its thread; `conflict` is what the numbers say against it, `disputed` the
    input of the most disputed sample, if it may be quoted."""
    said = f"Samples of {kit.esc_line(found.label, 80)}: {approval_words(approval)}"
    lines = [f"*Samples of {kit.esc_line(found.label, 80)}*", f"{approval_words(approval)}."]
    if approval.enough:
        lines.append(f"Weird: {approval.weird} of {approval.votes}.")
    if approval.agreement is not None:
        share = f"{100 * approval.agreement:.0f}%"
        lines.append(f"Two people who judged the same sample agreed in {share} of the cases: both *Good*, or neither.")
    lines += [conflict] if conflict else []
    if approval.disputed:
        lines.append(f"Most disputed: sample {approval.disputed}.")
    small = "Only rows that were drawn at random count."
    if approval.enough:
        small += f" {_range(approval)} is where the share of all rows lies, 19 times in 20."
    blocks = [kit.section("\n".join(lines))]
    blocks += [] if disputed is None else [kit.named(_DISPUTED, kit.context(f"“{in_line(disputed, _QUOTE)}”"))]
    return kit.message(f"{bet.key}: {said}", [*blocks, kit.context(provenance(found), small)])


def forgotten_result(payload: dict[str, Any]) -> dict[str, Any]:
    """The result without the words of its most disputed sample, of a set that was deleted."""
    return kit.replace_blocks(payload, _DISPUTED, [])


def approval_words(approval: Approval) -> str:
    """`7 of 9 looked right, 45-94%`, or that nobody can say."""
    return f"{counted_words(approval)}, {_range(approval)}" if approval.enough else counted_words(approval)


def counted_words(approval: Approval) -> str:
    """The same without its interval, for where a message has one already."""
    many = f"{approval.good} of {approval.votes} looked right" if approval.votes else "nobody judged"
    return many if approval.enough else f"Too few votes to say: {many}"


def _range(approval: Approval) -> str:
    low, high = approval.interval
    return f"{100 * low:.0f}-{100 * high:.0f}%"


def tally_words(judged: Judged) -> str:
    """`2 good, 1 weird`."""
    counts = ((judged.count(value), value) for value in VALUES)
    return ", ".join(f"{count} {value}" for count, value in counts if count)


def judged_answer(bet: Bet, samples: Sequence[Shown], more: int) -> dict[str, Any]:
    """To somebody who has judged all of a bet's samples in the message."""
    rest = f" *Judge more* has {more} more of its rows." if more else ""
    return kit.answer(f"You have judged all samples of {heading(bet)}.{_own_lines(samples)}{rest}")


def changed_modal(bet: Bet, which: str, before: str, value: str) -> dict[str, Any]:
    """To somebody who voted on a sample or pair again. A modal is gone once it is closed; answers that one person sees
    would pile up, since Slack lets nobody take them back."""
    now = f"still *{value}*" if value == before else f"*{value}* now, no more {before}"
    text = f"Your vote on {which} of {heading(bet)} is {now}. It can be changed until the round closes."
    return kit.notice_modal(Modal.NOTICE, "Your vote", text)


def _own_lines(samples: Sequence[Shown]) -> str:
    said = [f"\n*{one.sample.number}.* {_vote_words(one)}" for one in samples]
    return "".join(said) + "\nA vote can be changed until the round closes."


def _vote_words(shown: Shown) -> str:
    if shown.own is None or shown.judged is None:
        return "not judged by you yet"
    return f"you said {shown.own}; all votes: {tally_words(shown.judged)}"


def judge_more_modal(part: Part, rest: Sequence[Shown], page: int, pages: int) -> dict[str, Any]:
    """A person's own votes, with the tally of what they voted on, and one page of the rest of the draw."""
    blocks = [kit.section(f"*{heading(part.bet)}*"), kit.context(provenance(part.found))]
    blocks.append(kit.section("*In the message*" + _own_lines(part.samples)))
    if rest:
        where = f", page {page + 1} of {pages}" if pages > 1 else ""
        blocks += [kit.divider(), kit.section(f"*The rest of the draw*{where}")]
    if any(shown.row.has_image for shown in rest):
        blocks.append(kit.context("The images with these letters are in your direct messages with me."))
    for place, shown in enumerate(rest, page * PAGE):
        name = f"*{letter(place)}.*" if shown.row.has_image else BULLET
        blocks += [*sample_blocks(shown, name), kit.context(_vote_words(shown).capitalize() + ".")]
    steps = [("Previous", page - 1), ("Next", page + 1)]
    turns = [
        kit.button(label, Act.JUDGE_PAGE, {"draw": part.draw.id, "page": to}, suffix=label.lower())
        for label, to in steps
        if 0 <= to < pages
    ]
    private = {"draw": part.draw.id, "page": page}
    blocks += [kit.actions(*turns)] if turns else []
    return kit.modal(Modal.JUDGE_MORE, "Judge more", blocks, close="Close", private=private)


def show_all_modal(shown: Shown, bet: Bet, notes: Sequence[Noted] = ()) -> dict[str, Any]:
    """One row with nothing left out, and what people noted on it."""
    number = shown.sample.number
    blocks = [kit.section(f"*{heading(bet)}*, {f'sample {number}' if number else 'a sample'}")]
    if shown.row.has_image:
        where = f"number {number} in the message's picture" if number else "in the picture in your direct messages"
        blocks.append(kit.context(f"Its image is {where}."))
    parts = [("Input", shown.row.input), ("Prediction", shown.row.prediction), ("Expected", shown.row.expected)]
    blocks += [*whole_blocks(parts), *notes_blocks(notes)]
    return kit.modal(Modal.SHOW_ALL, "Show all", blocks, close="Close")
