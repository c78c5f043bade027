"""Numbers against people, in one line."""

from bot.domain.blind import Tally
from bot.domain.disagreement import People, disagree, metric_step
from bot.domain.predictions import Metric
from bot.render import kit
from bot.render.samples import counted_words


def conflict_line(before: Metric | None, after: Metric | None, people: People, versions: int = 2) -> str:
    """That a metric and people went opposite ways from one version to the next, or to the last of so many `versions`;
    empty where they did not."""
    if before is None or after is None or not disagree(before, after, people):
        return ""
    way = "better" if metric_step(before, after) > 0 else "worse"
    lower = ", lower is better" if after.lower_is_better else ""
    over = f" over {versions} versions" if versions > 2 else ""
    numbers = f"{kit.esc_line(after.name, 40)} got {way}{over} ({before.value:g} to {after.value:g}{lower})"
    return f"*Numbers against people* {numbers}, but {_people(people)}."


def _people(people: People) -> str:
    if people.tally is not None and people.tally.claim:
        return _preferred(people.tally)
    assert people.before is not None and people.after is not None
    return f"{counted_words(people.after)}, after {counted_words(people.before)}"


def _preferred(tally: Tally) -> str:
    age, most = ("old", tally.losses) if tally.ahead < 0 else ("new", tally.wins)
    return f"{most} of {tally.sided} votes preferred the {age} one"
