"""Prediction sets: a bet's story over its versions, and the preview of a file that somebody dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.approval import Approval
from bot.domain.bets import is_over
from bot.domain.prediction_rows import list_names
from bot.domain.predictions import Prediction, PredictionSet
from bot.domain.records import Bet
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.bet_lists import page_of, pager
from bot.render.bets import heading
from bot.render.ids import Act
from bot.render.samples import approval_words, metric_words
from bot.render.values import row_blocks, short

PAGE, PREVIEW = 10, 3
_DELETE = (
    "Its texts and images are gone for good, here and in the messages that show them. Its line, votes and results "
    "stay. A file that was dropped in the thread stays in Slack until whoever sent it deletes it."
)
# What comes of a set that is in use: samples, or a comparison, which no samples interrupt.
NEXT_ROUND, COMPARED = "Samples come with the team's next round", "thread compares it blindly with the version before."
_NONE = (
    "No prediction set yet: drop a CSV, TSV or JSONL file with the columns `id`, `input` and `prediction` in the bet's "
    "thread, or push one with `bets predictions push`."
)


@dataclass(frozen=True)
class Version:
    """A set with how its samples were judged over all closed rounds; None: no round has closed. `hidden`: it is in an
    open blind comparison, so nothing names it."""

    found: PredictionSet
    approval: Approval | None = None
    hidden: bool = False


def story_message(
    bet: Bet, versions: Sequence[Version], zone: str, *, open_now: bool, may_delete: bool = False, page: int = 0
) -> dict[str, Any]:
    """One page of a bet's sets, the newest first, with what the metric says and what people said; a deleted one keeps
    its line."""
    page, pages = page_of(len(versions), PAGE, page)
    title = f"Predictions of {heading(bet)}" + (f", page {page + 1} of {pages}" if pages > 1 else "")
    shown = versions[::-1][page * PAGE : (page + 1) * PAGE]
    blocks = [kit.section(f"*{title}*")]
    blocks += [_version(one, zone, may_delete, page) for one in shown] or [kit.section(_NONE)]
    blocks += pager({"bet": bet.id}, page, pages, Act.STORY_PAGE)
    if any(one.hidden for one in versions):
        blocks.append(kit.context("Two versions are compared blindly now: their names are told when that closes."))
    elif open_now:
        blocks.append(kit.context("Samples are being judged now: how that goes is told when the round closes."))
    elif not is_over(bet.status) and any(one.found.deleted_at is None for one in versions):
        blocks.append(kit.actions(kit.button("Post samples now", Act.POST_SAMPLES, {"bet": bet.id})))
    return kit.message(title, blocks)


def _version(one: Version, zone: str, may_delete: bool, page: int) -> kit.Block:
    deletes = may_delete and one.found.deleted_at is None and not one.hidden
    return kit.section(_version_words(one, zone), _delete_button(one.found, page) if deletes else None)


def _delete_button(found: PredictionSet, page: int) -> kit.Block:
    """*Delete*, which asks once more: there is no way back. The `page` is shown again then."""
    confirm = {"title": kit.plain("Delete this set?", 100), "text": kit.plain(_DELETE, 300)}
    button = kit.button("Delete", Act.DELETE_SET, {"set": found.id, "page": page}, suffix=str(found.id))
    return button | {"confirm": confirm | {"confirm": kit.plain("Delete", 30), "deny": kit.plain("Cancel", 30)}}


def _version_words(one: Version, zone: str) -> str:
    if one.hidden:
        return "*A version in the open comparison*"
    found = one.found
    day = describe_date(local_date(found.created_at, zone))
    rows = "1 row" if found.count == 1 else f"{found.count:,} rows"
    lines = [f"*{kit.esc_line(found.label, 80)}*, {day}, {rows}"]
    lines += [f"deleted on {describe_date(local_date(found.deleted_at, zone))}"] if found.deleted_at else []
    lines += [metric_words(found.metric)] if found.metric else []
    if one.approval is None:
        return "\n".join([*lines, "not judged yet"])
    weird = f", weird {one.approval.weird} of {one.approval.votes}" if one.approval.enough else ""
    return "\n".join([*lines, f"{approval_words(one.approval)}{weird}"])


def offer_message(
    bet: Bet, found: PredictionSet, rows: Sequence[Prediction], unused: Sequence[str] = (), ts: str = ""
) -> dict[str, Any]:
    """A file that somebody dropped in the thread, with the message at `ts`, was read: how, and its first rows, to be
    confirmed."""
    title = f"{kit.esc_line(found.file, 80)} can be a prediction set of {bet.key}"
    blocks = [kit.section(f"*{title}*"), kit.context(_columns(found, unused)), *_preview(rows, found.link)]
    use = kit.button("Use it", Act.USE_SET, {"set": found.id}, style="primary")
    buttons = kit.actions(use, _not_samples({"set": found.id, "reply": ts}))
    return kit.message(title, [*blocks, kit.named("offer", buttons)])


def _not_samples(value: dict[str, Any]) -> kit.Block:
    return kit.button("Not samples", Act.NOT_SAMPLES, value)


def _columns(found: PredictionSet, unused: Sequence[str]) -> str:
    read = [
        column if column == name else f"{column} from `{kit.esc_line(name, 40)}`"
        for column, name in found.columns.items()
    ]
    left = f" Not used: {kit.esc_line(list_names(unused), 800)}." if unused else ""
    rows = "1 row" if found.count == 1 else f"{found.count:,} rows"
    left += " This team keeps a link only: I store and post the ids of its rows, and none of its texts." * bool(
        found.link
    )
    return f"{rows}, read as {', '.join(read)}.{left}"


def _preview(rows: Sequence[Prediction], link: str | None) -> list[kit.Block]:
    return [
        kit.named(f"preview-{place}-{nth}", block)
        for place, row in enumerate(rows[:PREVIEW])
        for nth, block in enumerate(_row_blocks(row, link))
    ]


def _row_blocks(row: Prediction, link: str | None) -> list[kit.Block]:
    name = f"*{kit.esc_line(row.row, 60)}*"
    if link:
        return [kit.section(name)]
    return row_blocks(name, row.input, f"*Prediction* {short(row.prediction, 200)}", limit=200)


def forgotten_offer(payload: dict[str, Any]) -> dict[str, Any]:
    """The preview of a file whose rows were deleted."""
    payload = kit.replace_blocks(payload, "preview-", [kit.context("Its rows were deleted.")])
    return kit.replace_blocks(payload, "offer", [])


def withdrawn_offer(found: PredictionSet, name: str) -> dict[str, Any]:
    """In the place of the preview, once whoever dropped the file says *Not samples*."""
    text = f"{kit.esc_line(found.file, 80)} is no prediction set, says {kit.esc_line(name, 80)}."
    return kit.message(text, [kit.section(text)])


def not_samples_answer(bet: Bet) -> dict[str, Any]:
    """To whoever said *Not samples*, where their check-in waits for nothing from them."""
    return kit.answer(f"Then it is a file like any other in {bet.key}'s thread. Your check-in stays as it was.")


def used_message(payload: dict[str, Any], name: str) -> dict[str, Any]:
    """The preview once somebody said *Use it*."""
    done = kit.section(f"In use, says {kit.esc_line(name, 80)}. {NEXT_ROUND}.")
    return kit.replace_blocks(payload, "offer", [done])


def used_answer(bet: Bet, found: PredictionSet) -> dict[str, Any]:
    """To whoever said *Use it*: under which label, and where it can be judged at once."""
    label = kit.esc_line(found.label, 80)
    post = kit.button("Post samples now", Act.POST_SAMPLES, {"bet": bet.id})
    return kit.answer(f"{bet.key} has it as {label}. {NEXT_ROUND}, or now:", kit.actions(post))


def used_blindly_message(bet: Bet, name: str) -> dict[str, Any]:
    """The preview in whose place nothing names the file any more: it is compared blindly now."""
    title = f"A file for {bet.key} is in use, says {kit.esc_line(name, 80)}"
    why = "It is in a blind comparison below, so its name is told when that closes."
    return kit.message(title, [kit.section(f"{title}. {why}")])


def used_blindly_answer(bet: Bet) -> dict[str, Any]:
    """To whoever said *Use it*, where a comparison with the version before began."""
    return kit.answer(f"{bet.key} has it, and its {COMPARED}")


def unfit_message(file: str, why: str, ts: str = "") -> dict[str, Any]:
    """A dropped file that cannot be a set; `why` is a sentence that may quote it. With `ts`, that of its message, it
    can still be an answer to the check-in."""
    title = f"{kit.esc_line(file, 80)} cannot be a prediction set"
    blocks = [kit.section(f"*{title}*\n{kit.esc_refusal(why, 1_500)}")]
    if ts:
        blocks.append(kit.context("It does not count as an answer to the check-in, unless you meant it as one:"))
        blocks.append(kit.actions(_not_samples({"reply": ts})))
    return kit.message(title, blocks)
