"""Mail that comes in, read: who sent it, what its writer typed, what came with it. Every byte is suspected."""

from workflow.rules.received.bounced import Bounced, bounced
from workflow.rules.received.message import MESSAGE_ID, Message, read
from workflow.rules.received.typed import typed

__all__ = ["MESSAGE_ID", "Bounced", "Message", "bounced", "read", "typed"]
