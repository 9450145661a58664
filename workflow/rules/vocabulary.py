"""The only place for the words of the domain: each closed list is one enumeration, stored by value."""

from enum import StrEnum


class Word(StrEnum):
    """Sets and tables find a word as quickly as the text that it is."""

    __hash__ = str.__hash__


class Stage(Word):
    """Where a section stands on its way to approval."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    REVISION = "revision"
    REVIEW = "review"
    APPROVED = "approved"


class Act(Word):
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
    TAKE_POSITION = "take_position"
    APPROVE = "approve"
    REOPEN = "reopen"
    UNDO = "undo"
    CORRECT = "correct"
    EXTEND = "extend"
    ASSIGN = "assign"
    INVITE = "invite"
    CONNECT = "connect"
    MODERATE = "moderate"
    FREEZE = "freeze"
    SIGN_OFF = "sign_off"
    ANSWER_REVIEWERS = "answer_reviewers"
    AUDIT = "audit"
    COMPILE = "compile"
    READ_INTERNAL = "read_internal"
    OPERATE = "operate"


class Role(Word):
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    STAKEHOLDER = "stakeholder"
    OBSERVER = "observer"


class RemarkKind(Word):
    QUESTION = "question"
    CORRECTION = "correction"
    SUGGESTION = "suggestion"
    CONCERN = "concern"
    OBJECTION = "objection"
    SUPPORT = "support"


class Disposition(Word):
    """The city's position on a remark, in the words of a comment resolution sheet."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    NOTED = "noted"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    REFERRED = "referred"


class Visibility(Word):
    """Who may read a remark: everyone, those who take part, the city's own people, or the author's organisation."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"
    CITY = "city"
    ORGANISATION = "organisation"


class Channel(Word):
    """How a remark reached the city."""

    WEB = "web"
    WORKSHOP = "workshop"
    PAPER = "paper"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"


class AnchorStatus(Word):
    """How a quoted passage was found again in a later revision."""

    EXACT = "exact"
    MOVED = "moved"
    EDITED = "edited"
    ORPHANED = "orphaned"


class Rhythm(Word):
    """How often a person wants mail."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class WishScope(Word):
    """What a wish to hear may be about."""

    THREAD = "thread"
    SECTION = "section"
    SECTOR = "sector"
    CONTRACT = "contract"


class Wish(Word):
    """What a person wants to hear of a place: all, at a rhythm of its own or at the usual one, or only what is his."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    FOLLOW = "follow"
    MUTE = "mute"


class RoundAudience(Word):
    """Who is asked in a round: people who were invited, organisations that take part, or anybody."""

    INVITED = "invited"
    ORGANISATIONS = "organisations"
    PUBLIC = "public"


class RoundChange(Word):
    """What may happen to a round while it runs; each is kept as evidence."""

    EXTENDED = "extended"
    CORRECTED = "corrected"


class Stance(Word):
    """A position on a text under review; `NONE` takes an earlier one back."""

    APPROVE = "approve"
    NO_OBJECTION = "no_objection"
    OBJECT = "object"
    ABSTAIN = "abstain"
    RECUSE = "recuse"
    NONE = "none"


class Moderation(Word):
    """Whether words are shown: guests' wait for their address to be confirmed, then for a moderator."""

    SHOWN = "shown"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"
    HIDDEN = "hidden"


class ModerationAct(Word):
    """A line of the moderation log."""

    CONFIRM = "confirm"
    HOLD = "hold"
    RELEASE = "release"
    HIDE = "hide"
    FLAG = "flag"
    DISMISS = "dismiss"
    APPEAL = "appeal"
    UPHOLD = "uphold"


class Mandate(Word):
    """What a member may say in the name of his organisation."""

    MEMBER = "member"
    DELEGATE = "delegate"
    SUBSTITUTE = "substitute"


class OrganisationKind(Word):
    """Kinds of stakeholders, as cities group them in their Action Plans."""

    CITIZENS = "citizens"
    NGO = "ngo"
    SCIENCE_EDUCATION = "science_education"
    GOVERNMENT = "government"
    CITY_ADMINISTRATION = "city_administration"
    CITY_COUNCIL = "city_council"
    CITY_COMPANY = "city_company"
    STATE_ENTERPRISE = "state_enterprise"
    BUSINESS = "business"
    CIVIL_SOCIETY = "civil_society"
    VULNERABLE_GROUP = "vulnerable_group"
    MUNICIPALITY = "municipality"
    FINANCE = "finance"
    MEDIA = "media"
    EU_BODY = "eu_body"
    OTHER = "other"


class Tier(Word):
    """How far a signatory's commitment goes."""

    PREMIUM = "premium"
    FRAMEWORK = "framework"
    BASIS = "basis"
    LETTER_OF_INTENT = "letter_of_intent"


class ManifestKind(Word):
    """What a manifest seals: the contract as handed in, or a dated addendum to it."""

    CONTRACT = "contract"
    ADDENDUM = "addendum"


class ManifestStep(Word):
    """What becomes of a manifest: its freeze is lifted, it is handed in, or sections are opened to follow it up."""

    LIFTED = "lifted"
    SUBMITTED = "submitted"
    ADDENDUM = "addendum"
    ITERATION = "iteration"


class Whole(Word):
    """Where the contract as a whole stands: written, frozen, relied on by others, or opened again to follow that up."""

    OPEN = "open"
    FROZEN = "frozen"
    RELIED_ON = "relied_on"
    ADDENDUM = "addendum"
    ITERATION = "iteration"


class ReviewBody(Word):
    """Who puts questions after submission."""

    MISSION_PLATFORM = "mission_platform"
    COMMISSION = "commission"
    OTHER = "other"


class QuestionState(Word):
    """How far the answer to a reviewers' question is; what has been sent stays as it was sent."""

    OPEN = "open"
    DRAFTED = "drafted"
    ANSWERED = "answered"
    SENT = "sent"


class SheetKind(Word):
    """What the rows of a brought spreadsheet become; a brought contract has pieces instead of rows."""

    REMARKS = "remarks"
    QUESTIONS = "questions"
    SIGNATORIES = "signatories"
    TEXTS = "texts"


class ReminderKind(Word):
    """What somebody is reminded of."""

    ROUND_CLOSING = "round_closing"
    SECTION_DUE = "section_due"
    POSITION_AWAITED = "position_awaited"
    SIGNATURE_AWAITED = "signature_awaited"
    QUESTION_DUE = "question_due"
    ANSWERS_DUE = "answers_due"
    VOICE_AWAITED = "voice_awaited"


class Reason(Word):
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
    DELEGATE = "delegate"
    MEMBER = "member"
    POSITIONED = "positioned"
    TOLD = "told"
    MODERATOR = "moderator"
    CHAIN = "chain"
    PARTICIPANT = "participant"
    MENTIONED = "mentioned"


class EventKind(Word):
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
    STEP_UNDONE = "step_undone"
    POSITION_TAKEN = "position_taken"
    APPROVAL_VOIDED = "approval_voided"
    ROUND_PLANNED = "round_planned"
    ROUND_OPENED = "round_opened"
    ROUND_EXTENDED = "round_extended"
    ROUND_CLOSED = "round_closed"
    TEXT_CORRECTED = "text_corrected"
    GUEST_REMARKED = "guest_remarked"
    REMARK_HELD = "remark_held"
    REMARK_RELEASED = "remark_released"
    REMARK_HIDDEN = "remark_hidden"
    REMARK_FLAGGED = "remark_flagged"
    HIDING_APPEALED = "hiding_appealed"
    APPEAL_DECIDED = "appeal_decided"
    GUEST_LINK_SENT = "guest_link_sent"
    GUEST_LINK_REVOKED = "guest_link_revoked"
    POSITION_SUBMITTED = "position_submitted"
    MANDATE_GIVEN = "mandate_given"
    REMINDER_DUE = "reminder_due"
    CONTRACT_FROZEN = "contract_frozen"
    FREEZE_LIFTED = "freeze_lifted"
    CONTRACT_SUBMITTED = "contract_submitted"
    ADDENDUM_BEGUN = "addendum_begun"
    ITERATION_BEGUN = "iteration_begun"
    SIGNATORY_INVITED = "signatory_invited"
    SIGNATORY_MOVED = "signatory_moved"
    QUESTIONS_RECEIVED = "questions_received"
    QUESTION_ASSIGNED = "question_assigned"
    QUESTION_ANSWERED = "question_answered"
    ADDENDUM_ISSUED = "addendum_issued"
    DOCUMENT_REQUESTED = "document_requested"
    DOCUMENT_READY = "document_ready"
    DOCUMENT_FAILED = "document_failed"
    LOGO_CHANGED = "logo_changed"
    COLOUR_CHANGED = "colour_changed"
    GRANT_CHANGED = "grant_changed"
    HOOK_MADE = "hook_made"
    HOOK_CHANGED = "hook_changed"
    HOOK_GIVEN_UP = "hook_given_up"
    HOOK_REMOVED = "hook_removed"
    MAIL_RETURNED = "mail_returned"
    LETTER_RESENT = "letter_resent"
    LETTER_STOPPED = "letter_stopped"
    ADDRESS_SUSPENDED = "address_suspended"
    ADDRESS_RESUMED = "address_resumed"


class MailOutcome(Word):
    """What became of a message that came in."""

    REPLIED = "replied"
    RETURNED = "returned"
    BOUNCED = "bounced"
    STOPPED = "stopped"
    IGNORED = "ignored"
    FAILED = "failed"


class BounceKind(Word):
    """What a letter that came back says of its address, the worst first."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


class MailProblem(Word):
    """Why a message was not taken as it came; with `FILES` its words were, and its files were not."""

    STRANGER = "stranger"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_NOW = "not_now"
    NO_RIGHT = "no_right"
    NOT_SHOWN = "not_shown"
    FILES = "files"
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"


class BuildState(Word):
    """The life of a compiled document; of one that is gone only is known that it was, and what it held."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"


class Part(Word):
    """A part of the service that gives signs of life: whoever wakes the jobs, and whoever does them."""

    BEAT = "beat"
    WORKER = "worker"


class Trouble(Word):
    """What is wrong with the service as a whole, and somebody has to look after; the worst first."""

    STALLED = "stalled"
    WORKER_SILENT = "worker_silent"
    BEAT_SILENT = "beat_silent"


class FileFormat(Word):
    """What a document is, as a file."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "markdown"


class EditionKind(Word):
    """How a document shows the texts."""

    READING = "reading"
    REVIEW = "review"
    CHANGES = "changes"


class Scope(Word):
    """How much of the contract a document holds."""

    WHOLE = "whole"
    COMPONENT = "component"
    MODULE = "module"
    SECTION = "section"


class AnnexKind(Word):
    """What may follow the texts in a document."""

    COMMENTS = "comments"
    MATRIX = "matrix"
    SIGNATORIES = "signatories"
    QUESTIONS = "questions"


class Audience(Word):
    """For whose eyes a document is compiled."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"
    CITY = "city"


class ElementKind(Word):
    TEXT = "text"
    TABLE = "table"
    FORM = "form"


class SignatoryStatus(Word):
    """How far an organisation is with its signature."""

    INVITED = "invited"
    IN_PREPARATION = "in_preparation"
    LEGAL_CHECK = "legal_check"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
