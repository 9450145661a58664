"""What waits for a person beyond the sections: comments before a moderator, reviewers' questions before who answers."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select

from ..models import Comment, ModerationEntry, Person, Question, Section, Thread
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Moderation, Visibility
from ..services.moderation import WAITING
from .visibility import Reader, within_reach


def counting(person: Person | Reader, contract_id: int) -> Select:
    """The question how many comments wait for this moderator; 0 for whoever is none."""
    return (
        select(func.count(Comment.id))
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .where(*waits(person, contract_id))
    )


def before(person: Person | Reader, contract_id: int) -> list[ColumnElement[bool]]:
    return [
        Section.contract_id == contract_id,
        within_reach(person, Act.MODERATE),
        Thread.visibility != Visibility.ORGANISATION,
        Comment.moderation != Moderation.UNCONFIRMED,
        Comment.withdrawn_at.is_(None),
        Thread.withdrawn_at.is_(None),
    ]


def waits(person: Person | Reader, contract_id: int) -> list[ColumnElement[bool]]:
    asked = select(ModerationEntry.comment_id).where(
        ModerationEntry.contract_id == contract_id,
        ModerationEntry.settled_at.is_(None),
        ModerationEntry.act.in_(WAITING),
    )
    held = or_(Comment.moderation == Moderation.HELD, Comment.id.in_(asked))
    return [*before(person, contract_id), held]


def questions(person: Person | Reader, contract_id: int) -> list[ScalarSelect]:
    """How many questions of reviewers lie before the person unanswered, and until when the first of them is due; the
    same of those that lie before nobody, for whoever hands them out."""
    steers = policy.grants(person, Act.ASSIGN, Place(contract_id))
    asked = []
    for whose in (Question.assignee_id == person.id, Question.assignee_id.is_(None) & steers):
        for figure in (func.count(), func.min(Question.due_on)):
            asked.append(
                select(figure)
                .select_from(Question)
                .where(
                    Question.contract_id == contract_id,
                    Question.answered_at.is_(None),
                    Question.addendum_id.is_(None),
                    whose,
                )
                .scalar_subquery()
            )
    return asked
