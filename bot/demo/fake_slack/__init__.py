"""A simulated Slack workspace: the tests' bed and the demo's back. It knows nothing of the bot."""

from .clock import Clock
from .delivery import Answer, DirectDelivery, HttpDelivery
from .errors import NotPossible, SlackError
from .faults import Fault
from .manifests import check_manifest
from .remote import RemoteWorld
from .server import FakeSlack
from .sockets import SocketDelivery
from .state import Reply
from .world import World

__all__ = [
    "Answer",
    "Clock",
    "DirectDelivery",
    "FakeSlack",
    "Fault",
    "HttpDelivery",
    "NotPossible",
    "RemoteWorld",
    "Reply",
    "SlackError",
    "SocketDelivery",
    "World",
    "check_manifest",
]
