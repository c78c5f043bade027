"""A bet's prediction sets over their versions as a chart: its values, and how it reads to those who cannot see it."""

from collections.abc import Sequence
from typing import Any

from bot.domain.labels import shortened
from bot.domain.records import Bet
from bot.render import kit
from bot.render.bets import heading
from bot.render.pictures import ALT
from bot.render.predictions import Version
from bot.render.samples import approval_words

# As many versions as a phone shows side by side.
NEWEST = 6
_BAND = "The broad lines show between which shares the true one lies, in 19 cases of 20."


def chart_data(versions: Sequence[Version]) -> dict[str, Any] | None:
    """What the chart shows of the newest versions, oldest first; None where fewer than two have anything to show.

    The metric is that of the newest version that has one: values of another cannot be compared with it.
    """
    metric = next((one.found.metric for one in reversed(versions) if one.found.metric), None)
    points = [_point(one, metric.name if metric else "") for one in versions[-NEWEST:]]
    if sum(point["value"] is not None or point["good"] is not None for point in points) < 2:
        return None
    name = metric.name if metric and any(point["value"] is not None for point in points) else None
    return {"metric": name, "lower": bool(metric and metric.lower_is_better), "versions": points}


def _point(one: Version, metric: str) -> dict[str, Any]:
    given, approval = one.found.metric, one.approval
    point: dict[str, Any] = {"label": one.found.label, "value": given.value if given and given.name == metric else None}
    if approval is None or not approval.enough:
        return point | dict.fromkeys(("good", "low", "high", "weird"))
    low, high = approval.interval
    shares = {"good": approval.share, "low": low, "high": high, "weird": approval.weird / approval.votes}
    return point | {name: round(100 * share, 1) for name, share in shares.items()}


def story_picture(bet: Bet, versions: Sequence[Version], data: dict[str, Any]) -> dict[str, Any]:
    """The chart of `data`, which `chart_data` made of these versions."""
    shown = versions[-NEWEST:]
    names = _numbers(data) or [""] * len(shown)
    said = "; ".join(f"{name} {_says(one, data['metric'])}".strip() for name, one in zip(names, shown, strict=True))
    alt = kit.plain(f"Predictions of {bet.key} by version: {said}", ALT)["text"]
    title = f"Predictions of {bet.key} by version"
    return {"chart": "story", "data": data, "alt": alt, "title": title, "name": f"predictions-{bet.key}.png"}


def _numbers(data: dict[str, Any]) -> list[str]:
    """`1.`, `2.`, ... where the chart has them in the place of labels that would read alike."""
    labels = [one["label"] for one in data["versions"]]
    return [f"{place}." for place, _ in enumerate(labels, 1)] if shortened(labels) is None else []


def _says(one: Version, metric: str | None) -> str:
    given, approval = one.found.metric, one.approval
    said = [f"{given.name} {given.value:g}"] if given and given.name == metric else []
    if approval and approval.enough:
        said += [approval_words(approval), f"weird {approval.weird} of {approval.votes}"]
    return f"{one.found.label}: {', '.join(said) or 'not judged enough'}"


def story_chart_message(bet: Bet, picture: dict[str, Any]) -> dict[str, Any]:
    """The chart alone, for the DM."""
    words = f"Predictions of {heading(bet)}, version by version"
    data = picture["data"]
    legend = [
        f"*{number}* {kit.esc_line(one['label'], 80)}"
        for number, one in zip(_numbers(data), data["versions"], strict=False)
    ]
    small = [_BAND, *(["\n".join(legend)] if legend else [])]
    return kit.message(words, [kit.section(words), kit.context(*small)]) | {"picture": picture}


def with_chart(message: dict[str, Any], link: str) -> dict[str, Any]:
    """The story in words that says where its chart is; `link` is one of ours."""
    return message | {"blocks": [*message["blocks"], kit.context(f"<{link}|The chart is in our direct message.>")]}
