"""What a change brought, as history keeps it."""

from collections.abc import Mapping
from typing import Any

Facts = dict[str, Any]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Facts, Facts]:
    """The facts that differ, as they were and as they are now; both empty where none does."""
    names = [name for name in after if after[name] != before[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}
