"""How much a handful of votes can say: an interval, an e-value that may be read after every vote, and its words."""

import math

Z_90 = 1.645
LEANING, PREFERRED = 10.0, 20.0


def wilson(up: float, down: float, z: float = Z_90) -> tuple[float, float]:
    """Between which shares the true share of `up` lies, each 0 to 1; `z` 1.645 means in nine cases of ten.

    Without a vote it is 0 to 1. Source: E. B. Wilson, Probable Inference, JASA 22 (1927), 209.
    """
    n = up + down
    if n <= 0:
        return 0.0, 1.0
    share, squared = up / n, z * z
    centre = (share + squared / (2 * n)) / (1 + squared / n)
    half = z * math.sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def e_value(wins: int, losses: int) -> float:
    """How many times better "preferred" explains the votes than "no difference" does; ties are left out.

    One-sided, with a flat mix over preference rates above one half, so it may be looked at after every vote. With
    n = w + l it is the sum over k <= w of C(n+1, k), divided by (n+1) C(n, w); here each term is made from the one
    before, from k = w down. Source: policy.md section 4.
    """
    n = wins + losses
    term = total = 1 / (losses + 1)
    for k in range(wins, 0, -1):
        term *= k / (n + 2 - k)
        total += term
    return total


def claim(wins: int, losses: int) -> str:
    """`preferred`, `leaning`, or nothing where the votes are too few or too even to say so."""
    found = e_value(wins, losses)
    if found >= PREFERRED:
        return "preferred"
    return "leaning" if found >= LEANING else ""
