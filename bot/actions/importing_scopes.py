"""Takes in scopes, version by version, and the assumptions of the locked ones."""

from sqlalchemy import insert

from bot.actions import import_fields as f
from bot.actions.import_fields import Values
from bot.actions.import_state import Import, bet_of, free_id
from bot.domain.errors import Refusal
from bot.domain.scoping import DRAFT, KINDS, LOCKED, REVIEW, from_plain, to_plain
from bot.store import tables as t
from bot.store.db import inserted_id


def take_scope(state: Import, values: Values) -> None:
    row: Values = {"bet_id": bet_of(state, values), "version": f.number(values, "version")}
    if row["version"] < 1:
        raise Refusal("the field `version` counts from 1.")
    row |= {"status": f.text(values, "status"), "doc": _document(values), "author": f.text(values, "author")}
    row |= {
        "reason": f.text_or_none(values, "reason") or "",
        "revision": f.number({"revision": 1} | values, "revision"),
    }
    row |= {name: f.text_or_none(values, name) for name in ("requested_by", "signed_off_by")}
    row |= {name: f.instant(values, name) for name in ("requested_at", "locked_at")}
    row["created_at"] = f.instant(values, "created_at") or row["locked_at"] or state.now
    row["updated_at"] = f.instant(values, "updated_at") or row["created_at"]
    if row["status"] not in (DRAFT, REVIEW, LOCKED) or (row["status"] == LOCKED) != (row["locked_at"] is not None):
        raise Refusal("a scope is `draft`, `review`, or `locked` with its `locked_at`.")
    new = inserted_id(state.tx.execute(insert(t.scopes).values(**row, **free_id(state, t.scopes, values))))
    if row["status"] != LOCKED:
        draft = {"scope_id": new, "revision": row["revision"], "doc": row["doc"]}
        state.tx.execute(insert(t.scope_drafts).values(**draft))


def _document(values: Values) -> Values:
    doc = f.object_or_none(values, "doc")
    if doc is None:
        raise Refusal("the field `doc` is missing.")
    return to_plain(from_plain(doc))


def take_assumption(state: Import, values: Values) -> None:
    row: Values = {"bet_id": bet_of(state, values), "text": f.text(values, "text"), "state": f.text(values, "state")}
    kind = f.text_or_none(values, "kind") or "other"
    row |= {"kind": kind if kind in KINDS else "other", "critical": f.flag(values, "critical")}
    row |= {name: f.text_or_none(values, name) for name in ("owner", "answered_by")}
    row |= {"check_at": f.day(values, "check_at"), "answered_at": f.instant(values, "answered_at")}
    row |= {"how": f.text_or_none(values, "how") or "", "ref": f.text(values, "ref")}
    row |= {
        name: f.number({"since_version": 1, "position": 0} | values, name) for name in ("since_version", "position")
    }
    row["gone_version"] = None if values.get("gone_version") is None else f.number(values, "gone_version")
    new = inserted_id(state.tx.execute(insert(t.assumptions).values(**row, **free_id(state, t.assumptions, values))))
    if isinstance(values.get("id"), int):
        state.assumptions[values["id"]] = new
