"""The only place for the words of the domain: each closed list is one enumeration, stored by value."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a section stands on its way to approval."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    REVISION = "revision"
    REVIEW = "review"
    APPROVED = "approved"


class Act(StrEnum):
    """What a person may want to do. Keys of both tables: when (`LIFECYCLE`) and who (`GRANTS`)."""

    READ = "read"
    COMMENT = "comment"
    RECORD = "record"
    ANSWER = "answer"
    EDIT = "edit"
    CONSULT = "consult"
    CLOSE = "close"
    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    INVITE = "invite"
    COMPILE = "compile"
    READ_INTERNAL = "read_internal"


class Role(StrEnum):
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    STAKEHOLDER = "stakeholder"
    OBSERVER = "observer"


class RemarkKind(StrEnum):
    QUESTION = "question"
    CORRECTION = "correction"
    SUGGESTION = "suggestion"
    CONCERN = "concern"
    OBJECTION = "objection"
    SUPPORT = "support"


class Disposition(StrEnum):
    """The city's position on a remark, in the words of a comment resolution sheet."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    NOTED = "noted"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    REFERRED = "referred"


class Visibility(StrEnum):
    """Who may read a remark: everyone, those who take part, or the city's own people."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"
    CITY = "city"


class Channel(StrEnum):
    """How a remark reached the city."""

    WEB = "web"
    WORKSHOP = "workshop"
    PAPER = "paper"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"


class AnchorStatus(StrEnum):
    """How a quoted passage was found again in a later revision."""

    EXACT = "exact"
    MOVED = "moved"
    EDITED = "edited"
    ORPHANED = "orphaned"


class Rhythm(StrEnum):
    """How often a person wants mail."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Reason(StrEnum):
    """Why a person hears of an event. The first that fits wins; the order stands in `AUDIENCE`."""

    INVITED = "invited"
    AUTHOR = "author"
    IN_THREAD = "in_thread"
    OWNER = "owner"
    ASSIGNED = "assigned"
    JUDGE = "judge"
    PEN = "pen"
    COORDINATOR = "coordinator"
    FOLLOWER = "follower"
    VOICE = "voice"
    REQUESTER = "requester"


class EventKind(StrEnum):
    """What can happen. Every verb that changes something records exactly one."""

    PERSON_INVITED = "person_invited"
    PASSWORD_FORGOTTEN = "password_forgotten"
    CONTRACT_CREATED = "contract_created"
    SECTION_ASSIGNED = "section_assigned"
    ELEMENT_NOT_APPLICABLE = "element_not_applicable"
    ELEMENT_APPLICABLE = "element_applicable"
    REVISION_SAVED = "revision_saved"
    REMARK_MADE = "remark_made"
    REPLY_MADE = "reply_made"
    REMARK_ANSWERED = "remark_answered"
    REMARK_WITHDRAWN = "remark_withdrawn"
    REMARK_SUPPORTED = "remark_supported"
    REMARK_ASSIGNED = "remark_assigned"
    REMARK_REATTACHED = "remark_reattached"
    ANSWER_AGREED = "answer_agreed"
    ANSWER_CONTESTED = "answer_contested"
    CONSULTATION_OPENED = "consultation_opened"
    CONSULTATION_CLOSED = "consultation_closed"
    REVIEW_REQUESTED = "review_requested"
    CHANGES_REQUESTED = "changes_requested"
    SECTION_APPROVED = "section_approved"
    SECTION_REOPENED = "section_reopened"
    DOCUMENT_REQUESTED = "document_requested"
    DOCUMENT_READY = "document_ready"
    DOCUMENT_FAILED = "document_failed"


class BuildState(StrEnum):
    """The life of a compiled document."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """For whose eyes a document is compiled."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"
    CITY = "city"


class ElementKind(StrEnum):
    TEXT = "text"
    TABLE = "table"
    FORM = "form"


class SignatoryStatus(StrEnum):
    """How far an organisation is with its signature."""

    INVITED = "invited"
    IN_PREPARATION = "in_preparation"
    LEGAL_CHECK = "legal_check"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
