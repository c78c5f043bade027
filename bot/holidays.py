"""Public holidays by country, from the `holidays` library, which is slow to import and so is imported late."""

from datetime import date
from functools import cache

from bot.domain.errors import Refusal


@cache
def holidays_in(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in one year; none without a country."""
    if not country:
        return frozenset()
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


def holidays_around(country: str, day: date) -> frozenset[date]:
    """The public holidays of the years before, of and after `day`: all that planning looks at."""
    return frozenset().union(*(holidays_in(country, year) for year in (day.year - 1, day.year, day.year + 1)))


def find_country(text: str) -> str:
    """The country's code as the calendar knows it; '' for none; an unknown one is a Refusal for the field `country`."""
    code = text.strip().upper()
    if not code:
        return ""
    import holidays

    if code not in holidays.list_supported_countries(include_aliases=True):
        raise Refusal(
            f"I know no holidays for '{text.strip()[:20]}': use a two-letter code such as DE, or leave it empty.",
            "country",
        )
    return code
