"""Floor 2: rows, relations and constraints. Models hold no verbs: they never send, render or decide."""

from .approval import ApprovalStep, Position, approval_step_person
from .audit import Seal
from .bounce import Bounce
from .calendar import CalendarEntry
from .contract import Component, Contract, Element, FigureSet, Milestone, Module, Sector
from .desk import AnswerDraft, ThreadGroup
from .document import Document
from .draft import Draft, Visit
from .event import Digest, Event, Notification
from .guest import GuestLink
from .hook import Delivery, Hook
from .imprint import Imprint
from .inbound import Inbound
from .life_sign import LifeSign
from .manifest import Manifest, ManifestEntry
from .moderation import ModerationEntry
from .person import Membership, Organisation, Person, Subscription
from .picture import Picture
from .pulse import Pulse
from .question import Question
from .reminder import Reminder
from .round import Round, RoundEntry, round_section
from .section import Decision, Display, Rendering, Revision, Section, section_sector
from .sheet import Sheet
from .signatory import Commitment, Signatory, SignatoryEntry
from .thread import Comment, Placement, Support, Thread
from .view import SavedView

__all__ = [
    "AnswerDraft",
    "ApprovalStep",
    "Bounce",
    "CalendarEntry",
    "Comment",
    "Commitment",
    "Component",
    "Contract",
    "Decision",
    "Delivery",
    "Digest",
    "Display",
    "Document",
    "Draft",
    "Element",
    "Event",
    "FigureSet",
    "GuestLink",
    "Hook",
    "Imprint",
    "Inbound",
    "LifeSign",
    "Manifest",
    "ManifestEntry",
    "Membership",
    "Milestone",
    "ModerationEntry",
    "Module",
    "Notification",
    "Organisation",
    "Person",
    "Picture",
    "Placement",
    "Position",
    "Pulse",
    "Question",
    "Reminder",
    "Rendering",
    "Revision",
    "Round",
    "RoundEntry",
    "SavedView",
    "Seal",
    "Section",
    "Sector",
    "Sheet",
    "Signatory",
    "SignatoryEntry",
    "Subscription",
    "Support",
    "Thread",
    "ThreadGroup",
    "Visit",
    "approval_step_person",
    "round_section",
    "section_sector",
]
