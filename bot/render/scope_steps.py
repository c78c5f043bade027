"""The fields of a scope by the steps of its forms, and what a step still needs."""

from collections.abc import Mapping

from bot.domain.records import Bet
from bot.render import kit

# By their names in the document, with their labels.
BASICS = {"title": "Title", "problem": "Problem and whose it is", "hypothesis": "Hypothesis", "owners": "Owners",
          "reviewer": "Technical reviewer", "appetite_weeks": "Appetite (weeks)"}  # fmt: skip
DATA = {"inputs": "Inputs", "outputs": "Outputs", "no_data": "Uses no data, because"}
STOP = {"success": "Success statement", "metric": "Metric", "tent": "The tent version",
        "demo": "Demo plan", "out_of_scope": "Out of scope"}  # fmt: skip
LISTS = {"sources": "Data sources", "assumptions": "Assumptions", "criteria": "Kill criteria"}
LABELS = BASICS | DATA | STOP
_STEPS = ({*BASICS}, {*DATA, "sources", "assumptions"}, {*STOP, "criteria"})


def gaps(missing: Mapping[str, str]) -> tuple[str, ...]:
    """What a scope lacks, each with the step of the form in which it is said, in their order."""
    return tuple(
        f"Step {number}: {sentence}"
        for number, names in enumerate(_STEPS, start=1)
        for name, sentence in missing.items()
        if name in names
    )


def gaps_sentence(bet: Bet, missing: Mapping[str, str]) -> str:
    """The same as one answer."""
    return f"The scope of {bet.key} cannot be signed off yet. " + " ".join(gaps(missing))


def unsigned_line(missing: Mapping[str, str]) -> str:
    """To whoever started a bet without a locked scope."""
    lacks = f"Before it can be signed off: {' '.join(gaps(missing))}" if missing else "It waits for its sign-off."
    return kit.esc_line(f"It runs as a tent, unscoped until its scope is locked. {lacks}", 2_500)
