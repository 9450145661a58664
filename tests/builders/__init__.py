"""Rows for tests, real and with sensible defaults; inside `transaction()` they are flushed, outside committed.

`contract()` makes the first city; whatever is built without naming a contract belongs to it.
"""

from .cities import SECTORS, contract, figures, module, sector, the_contract
from .events import event, hook, notice
from .people import PASSWORD, follow, member, organisation, person, sign_in, someone, today
from .remarks import comment, moderated, thread
from .rounds import opened_to_all, round_of
from .rows import keep
from .texts import TEXT, approve_again, approved, element, revision, section
from .wholes import manifest, question, signatory

__all__ = [
    "PASSWORD",
    "SECTORS",
    "TEXT",
    "approve_again",
    "approved",
    "comment",
    "contract",
    "element",
    "event",
    "figures",
    "follow",
    "hook",
    "keep",
    "manifest",
    "member",
    "moderated",
    "module",
    "notice",
    "opened_to_all",
    "organisation",
    "person",
    "question",
    "revision",
    "round_of",
    "section",
    "sector",
    "sign_in",
    "signatory",
    "someone",
    "the_contract",
    "thread",
    "today",
]
