"""What the demo's team wrote down before the work, and what became of it: as `story.py`, by bet and by week."""

from dataclasses import dataclass, field
from typing import Any

from bot.demo.story import ANA, LEE, RAJ
from bot.domain.scoping import Source


@dataclass(frozen=True)
class Assumed:
    """One assumption; it is to be checked by the Monday of week `week`."""

    text: str
    kind: str
    owner: str
    week: int
    how: str = ""
    critical: bool = True


@dataclass(frozen=True)
class Written:
    """In week `week` somebody wrote these fields of a scope; `assumed` none: those of the version before.

    `checked` tells by week what was answered about an assumption: who, the start of its text, and the state.
    """

    week: int
    by: str
    words: dict[str, Any]
    assumed: tuple[Assumed, ...] = ()
    reason: str = ""
    checked: dict[int, tuple[str, str, str]] = field(default_factory=dict)


# By the bet's title: each version is signed off in its week by the reviewer whom it names.
SCOPES: dict[str, tuple[Written, ...]] = {
    "Synthetic examples for rare intents": (
        Written(
            1,
            RAJ,
            {
                "inputs": "An intent's name and its 5 to 20 real examples",
                "outputs": "200 training examples each, for the classifier as it is",
                "sources": (
                    Source(
                        "Help bot questions of 2026",
                        "warehouse, table bot_turns",
                        "yes",
                        "Lee",
                        "finance bills by turn",
                    ),
                    Source(
                        "Tickets that support sorted by hand", "ticket system", "yes", "Raj", "the rota is made from it"
                    ),
                ),
                "success": "Support: I no longer answer the rare ones by hand.",
                "metric": "Accuracy on the 30 rarest intents",
                "tent": "Three intents, examples from a prompt, one evening",
                "out_of_scope": "New intents, other languages",
                "reviewer": ANA,
            },
            (
                Assumed(
                    "Generated examples read like what customers write",
                    "matches",
                    LEE,
                    3,
                    "Score on 300 real tickets, not on paraphrases",
                ),
                Assumed("The labels of real tickets are right in 9 of 10", "labels", RAJ, 2, "Read 100 of them"),
            ),
            checked={2: (RAJ, "The labels", "holds"), 3: (LEE, "Generated", "false")},
        ),
    ),
    "Send easy questions to a small model": (
        Written(
            5,
            ANA,
            {
                "inputs": "A question as the user typed it, with its intent",
                "outputs": "easy or hard, in under 20 ms, for the help bot's gateway",
                "sources": (
                    Source(
                        "Bot questions since August",
                        "warehouse, table bot_turns",
                        "yes",
                        "Ana",
                        "finance bills by turn",
                    ),
                    Source("Ratings by users", "product analytics", "unsure"),
                ),
                "success": "Finance: the bill is a third lower and nobody has complained.",
                "tent": "200 logged questions, sorted by hand",
                "demo": "Two answers side by side: which one is from the small model?",
                "out_of_scope": "Training a model of our own",
                "reviewer": RAJ,
            },
            (
                Assumed("Support lends us 12 people for a blind test", "people", ANA, 8, "Ask Nora", critical=False),
                Assumed("The gateway tells us which model answered", "interface", LEE, 6, "Read a day of its logs"),
                Assumed("Weekend questions are as easy as weekday ones", "matches", ANA, 13, "Two weekends of routing"),
            ),
            checked={6: (LEE, "The gateway", "holds"), 8: (ANA, "Support", "holds")},
        ),
        Written(
            7,
            LEE,
            {
                "success": "Finance: the bill is a third lower, tickets included, and nobody has complained.",
                "criteria": (
                    "Users rate routed answers worse than today's in the blind test by week 6",
                    "Less than 50 % routed by week 8",
                ),
                "out_of_scope": "Training a model of our own, voice calls",
            },
            reason="Finance counts the ticket bot too: with 40 % routed we save a quarter, not a third.",
        ),
    ),
}

# Written on the last Friday, and waiting for its reviewer.
IDEA = Written(
    12,
    LEE,
    {
        "title": "Find the ticket that was answered before",
        "problem": "Support answers 1 in 5 tickets a second time from scratch; the first answer is in the archive.",
        "hypothesis": "The nearest of two years of tickets is the right answer in half of these cases.",
        "inputs": "A new ticket's first message",
        "outputs": "Up to three old tickets with their answers, beside the reply box",
        "sources": (
            Source("Closed tickets since 2024", "ticket system, nightly dump", "yes", "Lee", "legal wants ten years"),
            Source("Which answers helped", "satisfaction survey", "unsure"),
        ),
        "success": "An agent: I looked there first and it was there.",
        "tent": "100 tickets of last week in a sheet, nearest three beside them",
        "demo": "Mia types a ticket, we look at what comes up",
        "appetite_weeks": "3",
        "criteria": ("Agents find fewer than 3 in 10 of the proposals useful by week 2",),
        "out_of_scope": "Writing the answer",
        "owners": (LEE,),
        "reviewer": ANA,
    },
    (
        Assumed("We may read closed tickets with names in them", "access", LEE, 14, "Ask the data protection officer"),
        Assumed("Old answers are still true", "exists", RAJ, 15, "Read 50 with somebody from support"),
    ),
)
