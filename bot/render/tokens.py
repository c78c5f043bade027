"""A team's tokens in the form of its settings. Blocks are named `tokens-...`."""

from collections.abc import Mapping, Sequence

from bot.domain.tokens import TeamToken
from bot.domain.zones import describe_date, local_date
from bot.render import kit
from bot.render.ids import Act

_WHAT = "*Team tokens*\nWith one, a training job pushes prediction files to this team's bets (`bets predictions push`)."
_ONCE = "Copy it now: it is not shown again. Whoever has it can push to this team's bets, until it is revoked."
_CONFIRM = {
    "title": kit.plain("Revoke this token?"),
    "text": kit.plain("Jobs that use it can push no more. This cannot be undone."),
    "confirm": kit.plain("Revoke"),
    "deny": kit.plain("Cancel"),
}


def token_blocks(
    tokens: Sequence[TeamToken], names: Mapping[str, str], zone: str, fresh: str | None = None
) -> list[kit.Block]:
    """The tokens in force, each with *Revoke*, and *New token*; `fresh` is one just made, shown only here."""
    blocks = [kit.divider(), kit.section(_WHAT)]
    if fresh:
        blocks.append(kit.section(f"*Your new token*\n`{fresh}`\n{_ONCE}"))
    blocks += [_token(one, names.get(one.by, one.by), zone) for one in tokens]
    blocks.append(kit.actions(kit.button("New token", Act.NEW_TOKEN)))
    return [kit.named(f"tokens-{place}", block) for place, block in enumerate(blocks)]


def _token(one: TeamToken, name: str, zone: str) -> kit.Block:
    made = describe_date(local_date(one.created_at, zone))
    used = f"last used {describe_date(local_date(one.used_at, zone))}" if one.used_at else "never used"
    text = f"ends in `{one.hint}`, made by {kit.esc_line(name, 80)} on {made}, {used}"
    revoke = kit.button("Revoke", Act.REVOKE_TOKEN, {"token": one.id}, suffix=str(one.id), style="danger")
    return kit.section(text, revoke | {"confirm": _CONFIRM})
