"""Charts as PNG bytes, drawn from plain values; the same values give the same picture.

matplotlib is slow to import and pyplot is global state that leaks between threads: it is imported inside, and figures
are made directly on the Agg canvas.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from bot.domain.labels import clip, shortened

# A phone shows a picture about 315 points wide: on 3.6 inches, letters of 10 are 12 points high there.
WIDTH, HEIGHT, DPI = 3.6, 3.2, 160
INK, FAINT, GRID = "#1d1c1d", "#8a8a8f", "#e4e4e8"
# Okabe and Ito's colours, which people with any common colour blindness tell apart, without the yellow.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#5b5b8c", "#7f7f7f")
DASHES = ("-", "--", ":", "-.")
# Letters of a metric's name, and of a bet's key and title.
LABEL, NAME = 28, 33
# Of the summary's chart, in inches: a key beside the lines and a bet's row among the bars, which are never closer; what
# stands above and below the panels; and what stands left and right of the lines.
KEY, ROW, LEAST = 0.168, 0.21, 1.9
ABOVE, BELOW, LEFT, RIGHT, EDGE = 0.34, 0.32, 0.42, 0.55, 0.12


def draw(name: str, data: dict[str, Any]) -> bytes:
    """The chart called `name` of these values, as PNG bytes."""
    return CHARTS[name](data)


def summary_chart(data: dict[str, Any]) -> bytes:
    """Confidence over time, and under it effort per bet against its appetite; to be read on a phone.

    `data`: `weeks` (labels, oldest first) and `bets`, each with `key`, `title`, `confidence` (0-100 or None, one a
    week), `spent` and `appetite` (people-weeks). The line and the bar of a bet have one colour and stand in one order.
    """
    bets = data["bets"]
    lines, rows = max(LEAST, KEY * len(bets)), ROW * max(len(bets), 1)
    figure = _figure(height := summary_height(len(bets)))

    def panel(left: float, right: float, bottom: float, tall: float) -> Any:
        return figure.add_axes((left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, tall / height))

    above, below = panel(LEFT, RIGHT, height - ABOVE - lines, lines), panel(EDGE, EDGE, BELOW, rows)
    _draw_confidence(above, data["weeks"], bets, gap=106 * KEY / lines)
    _draw_effort(below, bets, thick=0.78 * ROW)
    below.set_ylim(max(len(bets), 1) - 0.5, -0.5)
    for place, bet in enumerate(bets):
        label = clip(f"{bet['key']} {bet['title']}", NAME)
        below.text(0.01, place, label, transform=below.get_yaxis_transform(), va="center_baseline", fontsize=11,
                   color=INK, clip_on=True)  # fmt: skip
    return _png(figure)


def summary_height(bets: int) -> float:
    """How high the summary's chart of so many bets is, in inches."""
    return 2 * (ABOVE + BELOW) + max(LEAST, KEY * bets) + ROW * max(bets, 1)


def bet_chart(data: dict[str, Any]) -> bytes:
    """The same of a single bet, narrow and with large letters, so that it can be read on a phone."""
    bets = data["bets"]
    figure = _figure(HEIGHT)
    above, below = figure.add_axes((0.11, 0.42, 0.73, 0.49)), figure.add_axes((0.11, 0.09, 0.73, 0.15))
    _draw_confidence(above, data["weeks"], bets)
    _draw_effort(below, bets, thick=0.3)
    return _png(figure)


def story_chart(data: dict[str, Any]) -> bytes:
    """A bet's prediction sets, version by version, to be read on a phone: the metric above, what people said below.

    `data`: `metric` (its name, or None), whether it is better when `lower`, and `versions`, oldest first, each with
    `label`, `value` (of the metric) and `good`, `low`, `high` and `weird` (per cent); what is not known is None.
    """
    versions, metric = data["versions"], data["metric"]
    figure = _figure(HEIGHT)
    judged = any(one["good"] is not None for one in versions)
    tall = 0.33 if metric and judged else 0.77
    if metric:
        axes = figure.add_axes((0.15, 0.9 - tall, 0.81, tall))
        _draw_line(axes, [one["value"] for one in versions], COLOURS[2], "o")
        axes.margins(y=0.25)
        lower = "lower is better" if data["lower"] else ""
        axes.set_title(clip(metric, 19 if lower else LABEL), loc="left", fontsize=11, color=COLOURS[2])
        axes.set_title(lower, loc="right", fontsize=9, color=INK)
        _mark_versions(axes, [] if judged else versions, len(versions))
    if judged:
        axes = figure.add_axes((0.15, 0.13, 0.81, tall))
        _draw_people(axes, versions)
        _mark_versions(axes, versions, len(versions))
    return _png(figure)


def _draw_people(axes: Any, versions: Sequence[dict[str, Any]]) -> None:
    judged = [(place, one) for place, one in enumerate(versions) if one["good"] is not None]
    places, low, high = zip(*((place, one["low"], one["high"]) for place, one in judged), strict=True)
    axes.vlines(places, low, high, color=COLOURS[0], linewidth=6, alpha=0.3)
    _draw_line(axes, [one["good"] for one in versions], COLOURS[0], "o")
    _draw_line(axes, [one["weird"] for one in versions], COLOURS[1], "X", "--")
    axes.set_ylim(-4, 104)
    axes.set_yticks((0, 50, 100))
    axes.set_title("looked right, %", loc="left", fontsize=11, color=COLOURS[0])
    axes.set_title("weird, %", loc="right", fontsize=11, color=COLOURS[1])


def _draw_line(axes: Any, values: Sequence[float | None], colour: str, marker: str, style: str = "-") -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    across, up = zip(*known, strict=True) if known else ((), ())
    axes.plot(across, up, style, color=colour, marker=marker, markersize=6, linewidth=1.8)


def _mark_versions(axes: Any, versions: Sequence[dict[str, Any]], many: int) -> None:
    """The versions below by their labels, or by numbers where those read alike when there is room for them."""
    labels = [one["label"] for one in versions]
    shown = shortened(labels) or [f"{place}." for place, _ in enumerate(labels, 1)]
    axes.set_xlim(-0.5, max(many, 1) - 0.5)
    axes.set_xticks(range(many), shown or [""] * many)
    _plain(axes)


def _figure(height: float) -> Any:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # What people type is never TeX: `$100 vs $200` must stay what it says, and `$$` must not fail.
    matplotlib.rcParams["text.parse_math"] = False
    # Titles stand where they always do: finding that out would measure everything around them a second time.
    matplotlib.rcParams["axes.titley"] = 1.0
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def _draw_confidence(axes: Any, weeks: Sequence[str], bets: Sequence[dict[str, Any]], gap: float = 0.0) -> None:
    """A line a bet, with its key at its end; keys stand `gap` per cent apart."""
    ends: list[tuple[float, int]] = []
    for index, bet in enumerate(bets):
        points = [(week, value) for week, value in enumerate(bet["confidence"]) if value is not None]
        if not points:
            continue
        across, up = zip(*points, strict=True)
        style = DASHES[index // len(COLOURS) % len(DASHES)]
        axes.plot(across, up, style, color=_colour(index), marker="o", markersize=3.5, linewidth=1.8)
        ends.append((up[-1], index))
    for height, index in _apart(ends, gap):
        axes.text(1.02, height, bets[index]["key"], transform=axes.get_yaxis_transform(), fontsize=11,
                  color=_colour(index), va="center_baseline")  # fmt: skip
    axes.set_title("Confidence, %", loc="left", fontsize=13, color=INK)
    axes.set_ylim(-3, 103)
    axes.set_xlim(-0.3, max(len(weeks) - 1, 1) + 0.3)
    axes.set_yticks((0, 25, 50, 75, 100))
    step = max(1, -(-len(weeks) // 6))
    axes.set_xticks(range(0, len(weeks), step), [week.split("-")[-1] for week in weeks[::step]])
    _plain(axes)


def _apart(ends: list[tuple[float, int]], gap: float) -> list[tuple[float, int]]:
    """The lines' end labels, moved up just far enough that none covers another, and down again from the top."""
    placed: list[tuple[float, int]] = []
    for height, index in sorted(ends):
        placed.append((max(height, placed[-1][0] + gap) if placed else height, index))
    top = 100.0
    for place, (height, index) in reversed(list(enumerate(placed))):
        placed[place] = (min(height, top), index)
        top = placed[place][0] - gap
    return placed


def _draw_effort(axes: Any, bets: Sequence[dict[str, Any]], thick: float) -> None:
    """A bar a bet, so many inches thick: what is spent, on the grey of what was agreed."""
    places, points = range(len(bets)), 72 * thick
    spent, agreed = ([bet[name] for bet in bets] for name in ("spent", "appetite"))
    axes.hlines(places, 0, agreed, color=GRID, linewidth=points)
    axes.hlines(places, 0, spent, color=[_colour(index) for index in places], linewidth=points, alpha=0.45)
    axes.set_xlim(0, 1.03 * max([*spent, *agreed, 1]))
    axes.set_yticks(())
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=6)
    axes.set_title("People-weeks (grey: agreed)", loc="left", fontsize=13, color=INK)
    _plain(axes)


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def _plain(axes: Any) -> None:
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=FAINT, labelcolor=INK, length=0, labelsize=11)
    for side in axes.spines.values():
        side.set_visible(False)


def _png(figure: Any) -> bytes:
    import warnings

    out = BytesIO()
    with warnings.catch_warnings():
        # A glyph that the font lacks (emoji, CJK) is drawn as a box; that is no news for the log.
        warnings.filterwarnings("ignore", message=".*[Gg]lyph.*")
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


CHARTS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "summary": summary_chart,
    "bet": bet_chart,
    "story": story_chart,
}
