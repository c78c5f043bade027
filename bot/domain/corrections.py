"""What advice has told and people corrected since: a criterion that did not happen, an assumption that holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ledger import NAME_LIMIT, named
from bot.domain.proofs import WHOLE
from bot.domain.records import KillCriterion, Nudge
from bot.domain.scoping import FALSE, HOLDS, Assumption


@dataclass(frozen=True)
class Corrections:
    """How sentences begin that do not hold any more, each with what is said in its place; `hard`: none of the hard
    facts that were told stands."""

    sentences: tuple[tuple[str, str], ...] = ()
    hard: bool = False


def find_corrections(nudge: Nudge, criteria: Iterable[KillCriterion], assumptions: Iterable[Assumption]) -> Corrections:
    """What a nudge may have said of these that is not so any more."""
    claims = [*map(_of_criterion, criteria), *map(_of_assumption, assumptions)]
    # A name is cut in a sentence, so that two may begin alike: what still stands is not taken back.
    standing = {one.begins() for one in claims if one.stands}
    gone = {one.begins(): f"{named(one.text, one.kind)} {one.instead}" for one in claims if not one.stands}
    hard = [one.begins(WHOLE) for one in claims if one.stands]
    return Corrections(
        tuple((begins, said) for begins, said in gone.items() if begins not in standing),
        bool(nudge.hard) and not any(fact.startswith(tuple(hard)) for fact in nudge.hard),
    )


@dataclass(frozen=True)
class _Claim:
    """What is said of a criterion or an assumption in which it speaks against its bet, and how it stands now."""

    kind: str
    text: str
    said: str
    stands: bool
    instead: str

    def begins(self, limit: int = NAME_LIMIT) -> str:
        return f"{named(self.text, self.kind, limit)} {self.said}"


def _of_criterion(one: KillCriterion) -> _Claim:
    instead = "did not happen" if one.state == "passed" else "is open again"
    return _Claim("Kill criterion", " ".join(one.text.split()), "was met", one.state == "failed", instead)


def _of_assumption(one: Assumption) -> _Claim:
    kind = "Critical assumption" if one.critical else "Assumption"
    instead = "is verified" if one.state == HOLDS else "is open again"
    return _Claim(kind, " ".join(one.text.split()), "was found false", one.state == FALSE, instead)
