"""The ledger of a bet: every line of evidence there is, and the sentence that weighs the next people-week."""

from bot.domain.cases import Case
from bot.domain.ledger import Line, base_rate, line
from bot.domain.opinions import blocked, confidence, silence, trend
from bot.domain.proofs import assumptions, blind, criteria, no_proof, votes

# In the order of the table of policy.md section 2.
KINDS = (confidence, trend, votes, blind, criteria, assumptions, silence, blocked, no_proof)


def gather(case: Case) -> tuple[Line, ...]:
    """All lines of evidence on the bet, in the order of the table; what nobody knows has no line."""
    return tuple(found for kind in KINDS for found in kind(case))


def index_line(case: Case, p: float, index: float) -> Line:
    """What the next people-week is worth, in words; it carries no points, since it sums up the others."""
    text = (
        f"Chance of paying off now {in_100(p)}; "
        f"a fresh bet here starts at {100 * base_rate(case.finished):.0f} in 100. "
        f"The next people-week is worth {_times(index)} of a fresh bet's."
    )
    return line("index", 0.0, text)


def in_100(share: float) -> str:
    """A chance in words: about 6 in 100."""
    if share < 0.005:
        return "less than 1 in 100"
    return f"about {100 * share:.0f} in 100" if share < 0.995 else "more than 99 in 100"


def _times(index: float) -> str:
    """Two digits are plenty: 0.5, 1.6, 12; what rounds to nothing is "less than 0.1"."""
    if index < 0.05:
        return "less than 0.1"
    return f"{index:.1f}" if index < 9.95 else f"{index:.0f}"
