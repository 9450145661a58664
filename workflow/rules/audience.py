"""Who hears of what: for each kind of event the reasons that count, most personal first.

The first reason that fits a person wins and is the one named in the letter ("You hear this because …").
The actor never hears himself.
"""

from .vocabulary import EventKind, Reason

AUDIENCE: dict[EventKind, tuple[Reason, ...]] = {
    EventKind.PERSON_INVITED: (Reason.INVITED,),
    EventKind.PASSWORD_FORGOTTEN: (Reason.INVITED,),
    EventKind.SECTION_ASSIGNED: (Reason.ASSIGNED,),
    EventKind.REVISION_SAVED: (Reason.AUTHOR, Reason.OWNER, Reason.FOLLOWER),
    EventKind.REMARK_MADE: (
        Reason.MENTIONED,
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.FOLLOWER,
    ),
    EventKind.REPLY_MADE: (
        Reason.MENTIONED,
        Reason.AUTHOR,
        Reason.IN_THREAD,
        Reason.OWNER,
        Reason.FOLLOWER,
    ),
    EventKind.REMARK_ANSWERED: (Reason.AUTHOR, Reason.IN_THREAD, Reason.FOLLOWER),
    EventKind.REMARK_ASSIGNED: (Reason.ASSIGNED,),
    EventKind.ANSWER_CONTESTED: (Reason.ASSIGNED, Reason.OWNER, Reason.PEN, Reason.COORDINATOR),
    EventKind.ROUND_OPENED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.FOLLOWER,
        Reason.VOICE,
    ),
    EventKind.ROUND_EXTENDED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.IN_THREAD,
        Reason.FOLLOWER,
        Reason.VOICE,
    ),
    EventKind.TEXT_CORRECTED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.IN_THREAD,
        Reason.FOLLOWER,
        Reason.VOICE,
    ),
    EventKind.ROUND_CLOSED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.IN_THREAD,
        Reason.FOLLOWER,
    ),
    EventKind.REVIEW_REQUESTED: (
        Reason.JUDGE,
        Reason.OWNER,
        Reason.COORDINATOR,
        Reason.FOLLOWER,
    ),
    EventKind.CHANGES_REQUESTED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.FOLLOWER,
    ),
    EventKind.SECTION_APPROVED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.JUDGE,
        Reason.IN_THREAD,
        Reason.FOLLOWER,
    ),
    EventKind.SECTION_REOPENED: (
        Reason.OWNER,
        Reason.PEN,
        Reason.COORDINATOR,
        Reason.JUDGE,
        Reason.FOLLOWER,
    ),
    EventKind.GUEST_REMARKED: (Reason.AUTHOR,),
    EventKind.REMARK_HELD: (Reason.MODERATOR,),
    EventKind.REMARK_FLAGGED: (Reason.MODERATOR,),
    EventKind.HIDING_APPEALED: (Reason.MODERATOR,),
    EventKind.REMARK_RELEASED: (Reason.AUTHOR,),
    EventKind.REMARK_HIDDEN: (Reason.AUTHOR,),
    EventKind.APPEAL_DECIDED: (Reason.AUTHOR,),
    EventKind.POSITION_SUBMITTED: (Reason.MEMBER,),
    EventKind.MANDATE_GIVEN: (Reason.ASSIGNED,),
    EventKind.GUEST_LINK_SENT: (Reason.INVITED,),
    EventKind.POSITION_TAKEN: (Reason.OWNER, Reason.PEN, Reason.COORDINATOR, Reason.FOLLOWER),
    EventKind.APPROVAL_VOIDED: (Reason.POSITIONED,),
    EventKind.STEP_UNDONE: (Reason.TOLD,),
    EventKind.QUESTIONS_RECEIVED: (Reason.OWNER, Reason.PEN, Reason.COORDINATOR),
    EventKind.QUESTION_ASSIGNED: (Reason.ASSIGNED,),
    EventKind.QUESTION_ANSWERED: (Reason.OWNER, Reason.COORDINATOR),
    EventKind.SIGNATORY_INVITED: (Reason.DELEGATE, Reason.MEMBER),
    EventKind.SIGNATORY_MOVED: (Reason.DELEGATE, Reason.MEMBER, Reason.COORDINATOR),
    EventKind.REMINDER_DUE: (Reason.ASSIGNED, Reason.DELEGATE, Reason.CHAIN),
    EventKind.CONTRACT_FROZEN: (Reason.DELEGATE, Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.FREEZE_LIFTED: (Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.CONTRACT_SUBMITTED: (Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.ADDENDUM_BEGUN: (Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.ADDENDUM_ISSUED: (Reason.DELEGATE, Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.ITERATION_BEGUN: (Reason.COORDINATOR, Reason.PARTICIPANT),
    EventKind.DOCUMENT_READY: (Reason.REQUESTER,),
    EventKind.DOCUMENT_FAILED: (Reason.REQUESTER, Reason.COORDINATOR),
    EventKind.HOOK_GIVEN_UP: (Reason.COORDINATOR,),
    EventKind.MAIL_RETURNED: (Reason.AUTHOR,),
}
"""Kinds that are missing here are kept for the record and the activity page, and nobody is written to."""

PROMPT: frozenset[Reason] = frozenset(
    {Reason.INVITED, Reason.ASSIGNED, Reason.DELEGATE, Reason.MENTIONED}
)
"""Reasons that never wait for a digest: without the letter the person cannot act, or somebody called for him."""

PROMPT_NEWS: dict[EventKind, frozenset[Reason]] = {
    EventKind.REMARK_ANSWERED: frozenset({Reason.AUTHOR}),
    EventKind.REVIEW_REQUESTED: frozenset({Reason.JUDGE}),
}
"""What besides never waits: the answer to one's own remark, and what waits for one's own judgement."""

AT_THE_HOUR: frozenset[EventKind] = frozenset({EventKind.REMINDER_DUE})
"""Kinds that come on the same or the next day at the hour that the person chose, whatever the rhythm."""

UNSTOPPABLE: frozenset[EventKind] = frozenset(
    {
        EventKind.PERSON_INVITED,
        EventKind.PASSWORD_FORGOTTEN,
        EventKind.GUEST_REMARKED,
        EventKind.GUEST_LINK_SENT,
        EventKind.MAIL_RETURNED,
    }
)
"""Letters without which nobody can sign in or speak up; they ignore the rhythm `off`."""

HEARS_OWN: frozenset[EventKind] = frozenset(
    {EventKind.DOCUMENT_READY, EventKind.DOCUMENT_FAILED, EventKind.PASSWORD_FORGOTTEN}
)
"""The exceptions to "the actor never hears himself": work that he asked for and walked away from."""

PAST_MUTE: frozenset[Reason] = frozenset(
    {
        Reason.INVITED,
        Reason.MENTIONED,
        Reason.AUTHOR,
        Reason.OWNER,
        Reason.ASSIGNED,
        Reason.DELEGATE,
        Reason.MEMBER,
        Reason.CHAIN,
        Reason.REQUESTER,
    }
)
"""What concerns a person himself: he hears of it even from a section that he muted."""

MODERATED = frozenset({EventKind.REMARK_HELD, EventKind.REMARK_FLAGGED, EventKind.HIDING_APPEALED})
"""What only moderators hear: it is about words that others may not see, or about who complained of them."""

OF_ONES_WORDS = frozenset(
    {
        EventKind.GUEST_REMARKED,
        EventKind.REMARK_RELEASED,
        EventKind.REMARK_HIDDEN,
        EventKind.APPEAL_DECIDED,
        EventKind.MAIL_RETURNED,
    }
)
"""What became of somebody's words before they could stand; the event names whose they are as its `person`."""

OF_REVIEWERS = frozenset(
    {EventKind.QUESTIONS_RECEIVED, EventKind.QUESTION_ASSIGNED, EventKind.QUESTION_ANSWERED}
)
"""Reviewers' questions are the city's own until the letter with the answers is issued."""

INTERNAL = OF_REVIEWERS | {
    EventKind.HOOK_MADE,
    EventKind.HOOK_CHANGED,
    EventKind.HOOK_GIVEN_UP,
    EventKind.HOOK_REMOVED,
}
"""What only the city's own people hear."""
