"""Which comments lie before a moderator, and which of them wait: the condition of the queue and of its number."""

from sqlalchemy import ColumnElement, Select, func, or_, select

from ..models import Comment, ModerationEntry, Person, Section, Thread
from ..rules.vocabulary import Act, Moderation, Visibility
from ..services.moderation import WAITING
from .visibility import within_reach


def counting(person: Person, contract_id: int) -> Select:
    """The question how many comments wait for this moderator; 0 for whoever is none."""
    return (
        select(func.count(Comment.id))
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .where(*waits(person, contract_id))
    )


def before(person: Person, contract_id: int) -> list[ColumnElement[bool]]:
    return [
        Section.contract_id == contract_id,
        within_reach(person, Act.MODERATE),
        Thread.visibility != Visibility.ORGANISATION,
        Comment.moderation != Moderation.UNCONFIRMED,
        Comment.withdrawn_at.is_(None),
        Thread.withdrawn_at.is_(None),
    ]


def waits(person: Person, contract_id: int) -> list[ColumnElement[bool]]:
    asked = select(ModerationEntry.comment_id).where(
        ModerationEntry.contract_id == contract_id,
        ModerationEntry.settled_at.is_(None),
        ModerationEntry.act.in_(WAITING),
    )
    held = or_(Comment.moderation == Moderation.HELD, Comment.id.in_(asked))
    return [*before(person, contract_id), held]
