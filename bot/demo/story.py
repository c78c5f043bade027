"""Twelve weeks in the life of an applied NLP and vision team: invented, but as such teams talk."""

from dataclasses import dataclass, field

MIA, ANA, RAJ, LEE, GUS = "U0MIA", "U0ANA", "U0RAJ", "U0LEE", "U0GUS"
CHANNEL = "C0NLPVISION"
ZONE = "Europe/Berlin"

# id, name, zone, role as the page shows it, guest
PEOPLE = (
    (ANA, "Ana Souza", ZONE, "member", False),
    (RAJ, "Raj Patel", "Europe/London", "member", False),
    (LEE, "Lee Park", ZONE, "member", False),
    (MIA, "Mia Chen", ZONE, "lead", False),
    (GUS, "Gus Weber", "America/New_York", "guest", True),
)


@dataclass(frozen=True)
class Said:
    """One answer: in the thread when `days` is None, else through the form."""

    user: str
    confidence: int | None
    text: str
    days: float | None = None
    blocked: str | None = None


@dataclass(frozen=True)
class End:
    """How and in which week a bet ended."""

    week: int
    kind: str
    by: str
    reason: str = ""
    learning: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Kept:
    """In week `week` somebody let a bet go on until the Friday of week `until`, with one more criterion."""

    week: int
    by: str
    reason: str
    criterion: str
    until: int


@dataclass(frozen=True)
class Story:
    """One bet from its start in week `start`; `said` is by week."""

    title: str
    problem: str
    hypothesis: str
    owners: tuple[str, ...]
    start: int
    appetite: int
    upside: str
    area: str
    tags: str
    kill_criteria: str
    said: dict[int, tuple[Said, ...]]
    end: End | None = None
    kept: Kept | None = None
    # Week to (who, state): what was answered about the first criterion that was open then.
    answers: dict[int, tuple[str, str]] = field(default_factory=dict)
    opinions: dict[int, tuple[Said, ...]] = field(default_factory=dict)


STORIES = (
    Story(
        "Contract dates from scans",
        "Legal types 400 end dates a week from scanned contracts; one missed date cost a renewal in spring.",
        "A layout model reads the date field as well as a tired paralegal.",
        (ANA, LEE), 1, 6, "L", "documents", "vision legal",
        "Fewer than 9 in 10 dates right on Legal's own pile by week 4",
        {
            1: (Said(ANA, 50, "50% The scans are better than we feared: 300 dpi, two templates cover 80 of 100."),),
            2: (Said(ANA, 55, "Template A works. Template B hides the date in a stamp.", 4),),
            3: (Said(LEE, 60, "60% Cropping the stamp first lifts B from 71 to 88 of 100."),),
            4: (Said(ANA, 75, "75% 93 of 100 right on Legal's pile, checked by Legal, not by us."),
                Said(LEE, 70, "Errors are nearly all handwritten corrections.", 3)),
            5: (Said(ANA, 85, "85% Two paralegals used it for a day and asked when it stays."),),
            6: (Said(ANA, 90, "Runs for all incoming contracts since Wednesday.", 5),),
        },
        End(6, "ship", MIA, "Legal uses it every day and asked to keep it.",
            "Letting Legal judge on their own pile in week 4 told us more than our test set did.", "yes"),
        answers={4: (ANA, "passed")},
    ),
    Story(
        "Synthetic examples for rare intents",
        "The 30 rarest intents of the help bot have under 20 examples each; support answers them by hand.",
        "A language model writes training examples as good as real ones.",
        (RAJ, LEE), 1, 4, "M", "intents", "nlp data",
        "No gain on the rare intents over 5 more real examples each by week 3",
        {
            1: (Said(RAJ, 60, "60% Generated 2,000 examples. They read well."),
                Said(LEE, 55, "Labels look right in a sample of 100.", 3)),
            2: (Said(RAJ, 50, "50% Accuracy on rare intents +3 points, but on paraphrases of our own prompts."),),
            3: (Said(LEE, 25, "25% On real tickets: +0.4 points. Five more real examples each give +6."),
                Said(RAJ, 30, "The generated ones are all polite and grammatical. Customers are not.", 4)),
            4: (Said(RAJ, 15, "15% Tried three other prompts, same picture. I would stop."),),
        },
        End(4, "kill", RAJ, "The kill criterion was met: real examples help fifteen times as much.",
            "Five real examples beat two hundred generated ones; ask support for them first.", "no"),
        answers={4: (LEE, "failed")},
    ),
    Story(
        "Re-rank search results in five languages",
        "Store search returns English manuals to French and Polish customers; they give up and call.",
        "A multilingual cross-encoder on the top 50 puts the right language and manual first.",
        (MIA,), 1, 4, "M", "search", "nlp search",
        "Median latency over 300 ms on our machines by week 3",
        {
            1: (Said(MIA, 55, "55% The model is public and runs. Latency is the question."),),
            2: (Said(MIA, 45, "45% 480 ms on CPU for 50 results. 20 results would fit."),),
            3: (Said(MIA, 40, "At 20 results we lose most of the gain.", 1),),
            4: (Said(MIA, 40, "No change"),),
        },
    ),
    Story(
        "Find wrong labels in product photos",
        "Shop photos carry wrong categories; 1 in 12 returns says 'not as pictured'. The catalogue team owns it.",
        "Disagreement between two models points at wrong labels ten times better than chance.",
        (RAJ, LEE), 2, 6, "L", "catalogue", "vision data",
        "Catalogue confirms fewer than 3 in 10 flagged photos by week 5",
        {
            2: (Said(RAJ, 75, "75% Two models disagree on 6 of 100 photos. Promising."),
                Said(LEE, 75, "First 50 flagged: I would call 30 of them wrong.", 3)),
            3: (Said(RAJ, 80, "Built a small viewer so that Catalogue can click through.", 4),),
            4: (Said(RAJ, 80, "80% Viewer is live. Catalogue has not looked yet."),
                Said(LEE, 75, "Tuned the threshold while we wait.", 3)),
            5: (Said(RAJ, 75, "75% Catalogue looked at 40: 14 really wrong. The rest are odd angles."),),
            6: (Said(LEE, 70, "70% Odd angles are most of it. A pose filter may help."),
                Said(RAJ, 75, "Pose filter in training.", 5)),
            7: (Said(RAJ, 75, "Pose filter removes half of the false alarms, and a third of the hits.", 5),
                Said(LEE, 65, "Helping Raj with the filter.", 4)),
            8: (Said(RAJ, 70, "70% New backbone, slightly better on our test photos."),
                Said(LEE, 65, "Same 4 in 10 as before on Catalogue's photos.", 5)),
            9: (Said(RAJ, 70, "70% Third round of tuning. Catalogue asks what happened to the button they wanted."),
                Said(LEE, 60, "The gain is within noise.", 5)),
            10: (Said(RAJ, 60, "Labelled 2,000 more photos for the filter.", 5, "waiting for GPU time"),
                 Said(LEE, 55, "Labelled with Raj.", 5)),
            11: (Said(RAJ, 60, "60% The new labels did not move it, but the next ones may."),
                 Said(LEE, 50, "50% I no longer believe the filter gets us there.")),
            12: (Said(RAJ, 55, "55% 2,000 more labels ordered. Somebody must be first to get this right."),
                 Said(LEE, 45, "Six weeks were agreed; we are in the eleventh.", 5)),
        },
        kept=Kept(9, RAJ, "The filter is nearly there, and two months of work are in it.",
                  "Catalogue confirms fewer than 45 of 100 flagged photos", 12),
        answers={6: (RAJ, "passed")},
        opinions={5: (Said(ANA, 40, "Who would open the viewer every day?"),),
                  9: (Said(ANA, 25, "I would ask Catalogue for one button before one more model."),),
                  12: (Said(MIA, 20, "The button they asked for is two days of work."),)},
    ),
    Story(
        "Send easy questions to a small model",
        "The help bot's model bill doubled since summer; finance asks for a third less by the new year.",
        "Six of ten questions are easy enough for a model at a twentieth of the price, and we can tell which.",
        (ANA, LEE), 5, 10, "XL", "serving", "nlp cost",
        "Users rate routed answers worse than today's in the blind test by week 6\nLess than 40 % routed by week 8",
        {
            5: (Said(ANA, 45, "45% Read 200 logged questions by hand: about 120 need nothing clever."),),
            6: (Said(ANA, 50, "50% A logistic regression on embeddings finds the easy ones at 0.86 AUC."),
                Said(LEE, 45, "Small model behind a flag in staging.", 2)),
            7: (Said(LEE, 50, "50% Small model's answers are short. People may even like that."),),
            8: (Said(ANA, 60, "60% 54 % routed in shadow mode; 3 of 100 routed answers clearly worse."),),
            9: (Said(ANA, 60, "Fixed the two intents behind most bad routes.", 4),
                Said(LEE, 55, "Latency halves for routed ones.", 3)),
            10: (Said(ANA, 70, "70% Blind test with 12 support people: no difference in 9 of 10 pairs."),),
            11: (Said(ANA, 75, "75% 10 % of live traffic since Tuesday. No complaint."),
                 Said(LEE, 70, "Bill for that slice: minus 41 %.", 4)),
            12: (Said(ANA, 80, "80% Half of the traffic. Finance wrote a thank-you note, first ever."),),
        },
        opinions={8: (Said(RAJ, 55, "The 3 of 100 are the angry customers, look there."),),
                  12: (Said(MIA, 75, "Believable. Watch the weekends."),)},
        answers={10: (ANA, "passed")},
    ),
    Story(
        "Summaries of long support threads",
        "An agent who takes over a ticket reads 11 minutes on average before the first answer.",
        "Three sentences on top of the thread save half of that.",
        (RAJ,), 7, 6, "M", "support", "nlp",
        "Agents read the whole thread anyway in 7 of 10 cases by week 4",
        {
            7: (Said(RAJ, 60, "60% First summaries look fine on ten threads."),),
            8: (Said(RAJ, 60, "Shown to two agents. One smiled.", 2),),
            9: (Said(RAJ, 55, "55% It invents order numbers in 2 of 30. Needs a check."),),
        },
    ),
    Story(
        "Voice notes for field engineers",
        "Engineers on roofs type reports with gloves on; half of the reports come days late.",
        "Speech to text plus a form filler gets eight of ten fields right outdoors.",
        (LEE,), 9, 6, "M", "speech", "speech explore",
        "Fewer than 6 in 10 fields right in wind by week 4",
        {
            9: (Said(LEE, 50, "50% Recorded myself on the balcony. Wind is the enemy."),),
            10: (Said(LEE, 55, "A 9-euro clip microphone does more than any model.", 1),),
            11: (Said(LEE, 60, "60% 7 of 10 fields right in light wind. Nobody but me has tried it."),),
            12: (Said(LEE, 60, "Built the form filler.", 1),),
        },
    ),
    Story(
        "Tell people at once when a photo is too dark",
        "1 in 9 claim photos is unusable; people hear of it two days later and send another one.",
        "A check on the phone catches seven of ten bad photos before they are sent.",
        (ANA, GUS), 11, 3, "S", "claims", "vision explore",
        "More than 1 in 20 good photos refused by week 2",
        {
            11: (Said(ANA, 60, "60% Brightness and blur alone catch 5 of 10. No model yet."),),
            12: (Said(GUS, 65, "65% Tried it on 40 claims of last week: 6 of 9 bad ones caught, 1 good one refused."),),
        },
    ),
    Story(
        "Read the dates that people corrected by hand",
        "1 in 12 end dates on contracts is corrected with a pen; Legal still types those, 35 a week.",
        "A small classifier reads single handwritten digits well enough to fill the date in.",
        (MIA,), 11, 3, "S", "documents", "vision legal",
        "Fewer than 9 in 10 digits right by week 3",
        {
            11: (Said(MIA, 55, "55% Cut the dates into digits. 40 of them labelled by hand, to see what breaks."),),
            12: (Said(MIA, 70, "70% With 1,000 labelled digits the errors are ones that I could not read either."),),
        },
    ),
)  # fmt: skip

# What was said in the present week before the newcomer arrives.
THIS_WEEK = (
    ("Send easy questions to a small model", Said(LEE, 80, "80% All of last week at half the traffic, nothing broke.")),
    (
        "Find wrong labels in product photos",
        Said(LEE, 30, "30% Catalogue confirmed 38 of the last 100, and nobody there opens the viewer."),
    ),
)
