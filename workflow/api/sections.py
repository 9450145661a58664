"""A section as JSON: its text, saving it, and moving it along its life cycle."""

from flask import Blueprint, abort
from flask_login import current_user, login_required
from spectree import Response

from ..db import db, transaction
from ..models import Revision, Section
from ..queries import readings
from ..queries.views import revision_ref
from ..rules import gate, policy
from ..rules.vocabulary import Act, Stance
from ..services import gatekeeping, positions, reviews, revisions, suggestions
from . import shapes
from .loading import section_or_404, thread_or_404
from .spec import spec

blueprint = Blueprint("api_sections", __name__, url_prefix="/api/sections")


@blueprint.get("/<int:section_id>")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Section), tags=["sections"])
def show(section_id: int):
    """The section, its current text, what the caller may do, and what blocks its approval."""
    return _told(section_or_404(section_id))


@blueprint.post("/<int:section_id>/revisions")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Section), tags=["sections"])
def save(section_id: int, json: shapes.NewRevision):
    """Save a text on the base it was written on; 409 when somebody saved in the meantime."""
    section = section_or_404(section_id)
    base = revision_or_422(section, json.base)
    with transaction():
        revisions.save(
            section, by=current_user, markdown=json.markdown, base=base, summary=json.summary
        )
    return _told(section)


@blueprint.post("/<int:section_id>/suggestions")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Section), tags=["sections"])
def take_over(section_id: int, json: shapes.Taken):
    """Take suggestions over into the text as one revision; 409 with what clashes, and then nothing is changed."""
    section = section_or_404(section_id)
    chosen = [thread_or_404(thread_id) for thread_id in json.threads]
    seen = revision_or_422(section, json.seen)
    with transaction():
        suggestions.accept(section, chosen, by=current_user, seen=seen)
    return _told(section)


@blueprint.post("/<int:section_id>/moves")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Section), tags=["sections"])
def move(section_id: int, json: shapes.Move):
    """One step along the life cycle, bound to the revision that the caller has seen."""
    section = section_or_404(section_id)
    seen = revision_or_422(section, json.seen)
    with transaction():
        if json.act is Act.APPROVE:
            reviews.take(section, Stance.APPROVE, by=current_user, seen=seen, text=json.reason)
            return _told(section)
        reviews.move(
            section,
            json.act,
            by=current_user,
            seen=seen,
            reason=json.reason,
            closes_at=json.closes_at,
            announcement=json.announcement,
        )
    return _told(section)


@blueprint.post("/<int:section_id>/positions")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Section), tags=["sections"])
def take(section_id: int, json: shapes.Stand):
    """A position on the text under review, bound to the revision that the caller has seen."""
    section = section_or_404(section_id)
    seen = revision_or_422(section, json.seen)
    with transaction():
        reviews.take(section, json.stance, by=current_user, seen=seen, text=json.text)
    return _told(section)


def revision_or_422(section: Section, revision_id: int | None) -> Revision | None:
    """The revision of this section that a body names."""
    if revision_id is None:
        return None
    revision = db.session.get(Revision, revision_id)
    if revision is None or revision.section_id != section.id:
        abort(422, description="This section has no such revision.")
    return revision


def _told(section: Section) -> shapes.Section:
    current = section.current
    ballot = positions.ballot(section)
    facts = gatekeeping.facts(section, by=current_user, ballot=ballot)
    return shapes.Section(
        id=section.id,
        code=section.code,
        title=section.title(current_user.language),
        stage=section.stage,
        language=section.language,
        closes_at=section.closes_at,
        revision=revision_ref(current) if current else None,
        markdown=readings.markdown(current, section, current_user) if current else "",
        acts=sorted(policy.acts_at(current_user, section.place)),
        blockers=[blocker.key for blocker in gate.blockers(Act.APPROVE, facts)],
        positions=[
            shapes.PositionTaken(
                person=one.person.name, stance=one.stance, text=one.text, at=one.at
            )
            for one in ballot.taken.values()
        ],
    )
