"""What the commands take on the command line; light, since even the fastest of them imports it."""

from datetime import datetime
from typing import Any

import click


class Instant(click.ParamType):
    """An instant in ISO 8601 with its zone."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fail(f"'{value}' is no instant: write it like 2026-12-07T09:00:00Z.", param, ctx)
        if found.tzinfo is None:
            self.fail(f"'{value}' does not say its zone: end it with Z or +01:00.", param, ctx)
        return found


class Port(click.ParamType):
    """A port of this machine; 0 is any free one."""

    name = "PORT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        step = "give a whole number from 0 to 65535"
        if not (isinstance(value, int) or (value.isascii() and value.isdecimal())):
            self.fail(f"'{value}' is no port: {step}, such as 8765.", param, ctx)
        if len(str(value)) > 5 or int(value) > 65535:
            self.fail(f"{value} is not in the range of ports: {step}, such as 8765.", param, ctx)
        return int(value)
