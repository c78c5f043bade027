"""The limits, each with what was measured, as a table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One limit (its number in the list of limits): a measured value that must not be above it, or not below."""

    number: int
    what: str
    value: float
    limit: float
    detail: str = ""
    at_least: bool = False

    @property
    def passed(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def show(rows: list[Row]) -> str:
    """The table as text."""
    lines = [f"{'':>3} {'':44} {'measured':>9} {'limit':>8}  "]
    for row in sorted(rows, key=lambda row: row.number):
        limit = f"{'≥' if row.at_least else '≤'} {row.limit:g}"
        verdict = "pass" if row.passed else "FAIL"
        lines.append(
            f"{row.number or '':>3} {row.what:44} {row.value:9.2f} {limit:>8}  {verdict}  {row.detail}".rstrip()
        )
    return "\n".join(lines)
