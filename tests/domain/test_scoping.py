"""Scopes as plain values: JSON and back, what they lack, what several people typed, and what changed."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.scope_checks import TEXT_LIMIT, missing_for_lock, pin_dates, validate_check_at, validate_draft
from bot.domain.scope_diff import (
    GONE,
    NEW,
    FieldDiff,
    diff_documents,
    diff_to_plain,
    diff_words,
)
from bot.domain.scope_merge import merge
from bot.domain.scope_text import Meta, markdown
from bot.domain.scoping import (
    KINDS,
    LISTS,
    TEXTS,
    AssumptionText,
    Document,
    Source,
    from_plain,
    number_assumptions,
    to_plain,
)
from tests.scope_diffs import apply_diffs, diffs_of

TODAY = date(2026, 11, 30)
WHOLE = Document(
    title="Rank tickets",
    problem="Support waits",
    sources=(Source("Tickets"),),
    success="I never scroll again",
    criteria=("half agree by 2026-12-11",),
    owners=("U1",),
    reviewer="U2",
)

text = st.text(st.sampled_from("ab é\n\u2028*<&"), max_size=12)
sources = st.builds(Source, text, text, st.sampled_from(["", "yes", "no"]), text, text)
assumed = st.builds(
    AssumptionText,
    text,
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
    st.none() | st.sampled_from(["U1", "U2"]),
    st.none() | st.dates(TODAY, TODAY + timedelta(days=9)),
    text,
    st.none() | st.sampled_from(["a1", "a2", "a3"]),
)
_lists = {"sources": sources, "assumptions": assumed, "criteria": text, "owners": st.sampled_from(["U1", "U2", "U3"])}
documents = st.builds(
    Document,
    **dict.fromkeys(TEXTS, text),
    **{name: st.lists(one, max_size=3).map(tuple) for name, one in _lists.items()},
)


class TestDocument:
    def test_every_field_is_a_text_or_a_list(self) -> None:
        assert {*TEXTS, *LISTS} == {one.name for one in fields(Document)}
        assert set(LISTS) == {"sources", "assumptions", "criteria", "owners"}

    @given(documents)
    def test_it_travels_as_json(self, doc: Document) -> None:
        assert from_plain(json.loads(json.dumps(to_plain(doc)))) == doc

    def test_what_is_missing_or_unknown_does_not_stop_it(self) -> None:
        assert from_plain({"title": "x", "colour": "red", "assumptions": [{"text": "a", "kind": "odd"}]}) == Document(
            title="x", assumptions=(AssumptionText("a", "other"),)
        )

    @pytest.mark.parametrize("plain", [{"title": 7}, {"owners": [1]}, {"assumptions": [{"text": 1}]}])
    def test_what_no_document_can_hold_is_an_error(self, plain: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="is no text"):
            from_plain(plain)

    @given(documents, st.sets(st.sampled_from(["a1", "a2", "a4"])))
    def test_every_assumption_gets_an_id_of_its_own(self, doc: Document, taken: set[str]) -> None:
        numbered = number_assumptions(doc, taken)
        ids = [one.id for one in numbered.assumptions]
        assert None not in ids and len(set(ids)) == len(ids)
        new = [n.id for n, o in zip(numbered.assumptions, doc.assumptions, strict=True) if n.id != o.id]
        assert not taken & set(new)
        assert number_assumptions(numbered, taken) == numbered


class TestChecks:
    def test_a_whole_scope_lacks_nothing(self) -> None:
        assert missing_for_lock(WHOLE, TODAY) == {}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"problem": " "}, "problem"),
            ({"success": ""}, "success"),
            ({"appetite_weeks": ""}, "appetite_weeks"),
            ({"appetite_weeks": "27"}, "appetite_weeks"),
            ({"sources": ()}, "sources"),
            ({"sources": (Source(" "),)}, "sources"),
            ({"criteria": ()}, "criteria"),
            ({"criteria": ("half agree",)}, "criteria"),
            ({"criteria": ("half agree by 50%",)}, "criteria"),
            ({"criteria": ("half agree by 2026-11-29",)}, "criteria"),
            ({"criteria": ("half agree by 03/04",)}, "criteria"),
            ({"reviewer": ""}, "reviewer"),
            ({"reviewer": "U1"}, "reviewer"),
            ({"owners": ()}, "owners"),
            ({"title": ""}, "title"),
            ({"assumptions": (AssumptionText(" "),)}, "assumptions"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(self, change: dict[str, Any], field: str) -> None:
        assert set(missing_for_lock(replace(WHOLE, **change), TODAY)) == {field}

    @pytest.mark.parametrize(
        "change",
        [
            {"sources": (), "no_data": "It is a rule"},
            {"criteria": ("a", "b by week 2")},
            {"criteria": ("a by friday",)},
        ],
    )
    def test_what_is_enough(self, change: dict[str, Any]) -> None:
        assert missing_for_lock(replace(WHOLE, **change), TODAY) == {}

    def test_an_empty_draft_is_not_wrong_and_an_over_long_one_is(self) -> None:
        assert validate_draft(Document(appetite_weeks=""), TODAY) == {}
        for name in TEXTS:
            if name not in ("reviewer", "appetite_weeks"):
                assert set(validate_draft(Document(**{name: "x" * (TEXT_LIMIT + 1)}), TODAY)) == {name}
        many = Document(sources=(Source("a"),) * 21, assumptions=(AssumptionText("a"),) * 21, criteria=("a",) * 21)
        assert set(validate_draft(many, TODAY)) == {"sources", "assumptions", "criteria"}

    def test_criteria_that_the_bet_has_already_are_not_judged_again(self) -> None:
        old = replace(WHOLE, criteria=("half agree by 2026-11-01",))
        assert missing_for_lock(old, TODAY, old.criteria) == {}

    @pytest.mark.parametrize(
        ("line", "kept"),
        [
            ("half agree by friday", "half agree by 2026-12-04"),
            ("done by Friday. By 3 Dec!", "done by Friday. By 2026-12-03!"),
            ("by friday by tomorrow", "by friday by 2026-12-01"),
            ("half by week 3", "half by week 3"),
            ("half by 50%", "half by 50%"),
            ("half", "half"),
            ("x by 03/04", "x by 03/04"),
        ],
    )
    def test_days_in_words_are_written_out(self, line: str, kept: str) -> None:
        pinned = pin_dates(Document(criteria=(line,)), TODAY)
        assert pinned.criteria == (kept,)
        assert pin_dates(pinned, TODAY + timedelta(days=40)) == pinned
        assert pin_dates(Document(criteria=(line,)), TODAY, [line]).criteria == (line,)

    def test_a_check_date_is_today_or_later(self) -> None:
        assert validate_check_at(None, TODAY) == validate_check_at(TODAY, TODAY) == ""
        assert "passed" in validate_check_at(TODAY - timedelta(days=1), TODAY)
        assert "two years" in validate_check_at(date(2036, 1, 1), TODAY)


class TestMerge:
    def test_fields_that_one_person_changed_are_theirs(self) -> None:
        merged, conflicts = merge(WHOLE, replace(WHOLE, tent="mine"), replace(WHOLE, demo="theirs"))
        assert merged == replace(WHOLE, tent="mine", demo="theirs") and not conflicts

    def test_lists_are_merged_item_by_item(self) -> None:
        a, b, c = (AssumptionText(name, id=name) for name in ("a1", "a2", "a3"))
        base = replace(WHOLE, assumptions=(a, b))
        mine = replace(base, assumptions=(replace(a, critical=True), b))
        theirs = replace(base, assumptions=(a, replace(b, owner="U3"), c))
        merged, conflicts = merge(base, mine, theirs)
        assert merged.assumptions == (replace(a, critical=True), replace(b, owner="U3"), c) and not conflicts
        without, _ = merge(base, replace(base, assumptions=(b,)), theirs)
        assert without.assumptions == (replace(b, owner="U3"), c)

    def test_what_one_took_out_while_the_other_changed_it_stays(self) -> None:
        a = AssumptionText("Labels", id="a1")
        base = replace(WHOLE, assumptions=(a,))
        gone, changed = replace(base, assumptions=()), replace(base, assumptions=(replace(a, how="Count"),))
        assert merge(base, gone, changed)[0] == merge(base, changed, gone)[0] == changed

    @given(documents, documents)
    def test_whoever_is_alone_gets_what_they_typed(self, base: Document, mine: Document) -> None:
        assert merge(base, mine, base) == (mine, ()) and merge(base, base, mine) == (mine, ())
        assert merge(base, mine, mine) == (mine, ())

    @settings(deadline=None)
    @given(documents, documents, documents)
    def test_nothing_that_anybody_typed_is_lost(self, base: Document, mine: Document, theirs: Document) -> None:
        merged, conflicts = merge(base, mine, theirs)
        said = {one.field: one for one in conflicts}
        for name in TEXTS:
            for side in (mine, theirs):
                typed = getattr(side, name)
                if typed and typed != getattr(base, name):
                    lost = said.get(name) and not said[name].kept and said[name].mine == typed
                    assert typed in getattr(merged, name) or lost, name
        for name in LISTS:
            for side in (mine, theirs):
                for item in getattr(side, name):
                    assert item in getattr(merged, name) or item in getattr(base, name), name

    def test_texts_without_room_for_both_are_both_in_the_conflict(self) -> None:
        mine, theirs = replace(WHOLE, problem="m" * 2_000), replace(WHOLE, problem="t" * 2_000)
        merged, [clash] = merge(WHOLE, mine, theirs)
        assert merged.problem == theirs.problem and (clash.mine, clash.kept) == (mine.problem, False)


class TestDiff:
    @given(text, text)
    def test_the_pieces_make_both_texts(self, old: str, new: str) -> None:
        found = diff_words(old, new)
        assert "".join(piece for op, piece in found if op != NEW) == old
        assert "".join(piece for op, piece in found if op != GONE) == new

    def test_only_the_words_that_changed_are_told(self) -> None:
        assert diff_words("half of them agree", "most of them agree") == [
            ("gone", "half "), ("new", "most "), ("same", "of them agree"),
        ]  # fmt: skip

    @settings(deadline=None)
    @given(st.lists(documents, min_size=2, max_size=5))
    def test_the_diffs_in_order_give_each_version(self, versions: list[Document]) -> None:
        doc = versions[0]
        for before, after in pairwise(versions):
            kept = json.loads(json.dumps(diff_to_plain(diff_documents(before, after))))
            doc = apply_diffs(doc, diffs_of(kept))
            assert doc == after

    def test_a_changed_criterion_shows_old_and_new(self) -> None:
        new = replace(WHOLE, criteria=("a third agrees by 2026-12-18", "one more by week 3"))
        [found] = diff_documents(WHOLE, new)
        assert found.pairs() == [(WHOLE.criteria[0], new.criteria[0]), (None, new.criteria[1])]
        [taken] = diff_documents(new, WHOLE)
        assert taken.pairs() == [(new.criteria[0], WHOLE.criteria[0]), (new.criteria[1], None)]

    def test_the_same_document_has_no_diff(self) -> None:
        assert diff_documents(WHOLE, WHOLE) == ()

    def test_a_texts_old_and_new_are_read_from_its_diff(self) -> None:
        [found] = diff_documents(WHOLE, replace(WHOLE, problem="Support sleeps"))
        assert isinstance(found, FieldDiff) and (found.old, found.new) == ("Support waits", "Support sleeps")


class TestMarkdown:
    def test_every_field_stands_in_it(self) -> None:
        doc = Document(**{name: f"say {name.replace('_', ' ')}" for name in TEXTS})
        doc = replace(doc, sources=(Source("what1", "where1", "yes", "U3", "why1"),), criteria=("crit1",))
        doc = replace(doc, owners=("U1",), reviewer="U2")
        doc = replace(doc, assumptions=(AssumptionText("text1", "labels", True, "U3", TODAY, "how1", "a1"),))
        said = markdown(doc, Meta("B-7", 2, "locked", "because", names={"U1": "Ana"}, states={"a1": "false"}))
        wanted = [f"say {name.replace('_', ' ')}" for name in TEXTS if name != "reviewer"]
        wanted += ["what1", "where1", "why1", "crit1", "text1", "how1", "labels, critical", "(false)", "2026-11-30"]
        for piece in [*wanted, "# B-7 say title", "Version 2, locked", "Ana", "U2", "because", "U3"]:
            assert piece in said, piece

    def test_what_is_not_said_is_said_to_be_so(self) -> None:
        assert markdown(Document(), Meta("B-7")).count("_Not said._") == 12

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("# a", r"\# a"),
            ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
            ("<script>&amp;", r"\<script>\&amp;"),
            ("![x](http://y)", r"!\[x\](http://y)"),
            ("at 12:00, F1 <60 % - not 2 * 3", "at 12:00, F1 <60 % - not 2 * 3"),
            (r"C:\new a_b AT&T $5 (#3)!", r"C:\new a_b AT&T $5 (#3)!"),
            ("\\*\\", r"\\\*" + "\\\\"),
            ("a\n===\n| - |", "a\\\n\\===\\\n\\| - \\|"),
            ("1. a\n- b", "1\\. a\\\n\\- b"),
            ("a\n\nb\u202e", "a\n\nb"),
            ("ask <@U1> now", "ask @Ana now"),
        ],
    )
    def test_marks_stay_text(self, typed: str, shown: str) -> None:
        assert shown in markdown(Document(problem=typed), Meta("B-7", names={"U1": "Ana"}))
