"""What history keeps of a change."""

from bot.domain.changes import differences


def test_only_what_is_another_now_is_kept_as_it_was_and_as_it_is() -> None:
    was, is_now = {"zone": "UTC", "leads": ["U1"], "country": ""}, {"zone": "UTC", "leads": ["U2"], "country": "DE"}
    assert differences(was, is_now) == ({"leads": ["U1"], "country": ""}, {"leads": ["U2"], "country": "DE"})


def test_where_nothing_changed_there_is_nothing_to_keep() -> None:
    assert differences({"zone": "UTC"}, {"zone": "UTC"}) == ({}, {})
