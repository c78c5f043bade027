"""What the demo's models said and what the team thought of it: as `story.py`, by bet and by week."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.story import ANA, LEE, MIA, RAJ

TUESDAY, FRIDAY = 1, 4
FILES = Path(__file__).parent / "predictions"


@dataclass(frozen=True)
class Pushed:
    """In week `week` a training job pushed a version, on a Tuesday or a Friday evening.

    `votes` tells by person what they say of its samples, over and over: `g`ood, `b`ad, `w`eird, or `=` for good where
    the prediction is what was expected and bad where it is not. `blind` tells likewise what they prefer where it is
    compared with the version before: the `n`ew one, the `o`ld one, `s`ame, `b`oth bad, or `=` for what is right.
    """

    week: int
    weekday: int
    file: str
    label: str
    metric: str
    votes: dict[str, str]
    blind: dict[str, str] = field(default_factory=dict)


PUSHED: dict[str, tuple[Pushed, ...]] = {
    "Send easy questions to a small model": (
        Pushed(7, FRIDAY, "intents.v1.jsonl", "keywords", "accuracy=0.479", {RAJ: "=", MIA: "=", LEE: "==g"}),
        Pushed(
            9,
            FRIDAY,
            "intents.v2.jsonl",
            "embeddings",
            "accuracy=0.938",
            {RAJ: "=", MIA: "====g", LEE: "="},
            {RAJ: "=", MIA: "=", LEE: "===s"},
        ),
    ),
    "Summaries of long support threads": (
        Pushed(7, FRIDAY, "tldr.v2.jsonl", "best sentence", "ROUGE-1=0.293", {ANA: "gbg", LEE: "ggb", MIA: "bgg"}),
        Pushed(
            10,
            FRIDAY,
            "tldr.v4.jsonl",
            "word picker",
            "ROUGE-1=0.380",
            {ANA: "bw", LEE: "wbb", MIA: "bbw"},
            {ANA: "oos", LEE: "o", MIA: "obo"},
        ),
    ),
    "Read the dates that people corrected by hand": (
        Pushed(11, TUESDAY, "digits.v1.jsonl", "40 examples", "accuracy=0.646", {ANA: "=", LEE: "=", RAJ: "=g"}),
        Pushed(
            11,
            FRIDAY,
            "digits.v2.jsonl",
            "1,000 examples",
            "accuracy=0.979",
            {ANA: "=", LEE: "=", RAJ: "="},
            {ANA: "=", LEE: "="},
        ),
    ),
}

VERSIONS = {one.file: one for versions in PUSHED.values() for one in versions}
FIRST_PUSH = min(one.week for one in VERSIONS.values())
JUDGES = (MIA, ANA, RAJ, LEE)

# What was written in a week: by whom, under the first sample of which bet.
NOTES: dict[int, tuple[tuple[str, str, str], ...]] = {
    8: ((LEE, "Summaries of long support threads", "That is how it begins. What they built is missing."),),
    11: (
        (ANA, "Summaries of long support threads", "The right words, and no sentence. I would read the whole thread."),
        (RAJ, "Read the dates that people corrected by hand", "A 1 with a foot. We need more of those."),
    ),
}
