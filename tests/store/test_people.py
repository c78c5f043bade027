"""What people are called, wherever somebody is named."""

from sqlalchemy import Connection

from bot.domain.records import Person
from bot.store.people import get_name, list_names, update_person


def test_a_person_is_called_as_slack_says_and_a_stranger_by_their_id(tx: Connection) -> None:
    update_person(tx, Person("U1", "Ana <3"))

    assert list_names(tx, ["U1", "U2"]) == {"U1": "Ana <3"}
    assert (get_name(tx, "U1"), get_name(tx, "U2")) == ("Ana <3", "U2")
