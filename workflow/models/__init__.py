"""Floor 2: rows, relations and constraints. Models hold no verbs: they never send, render or decide."""

from .contract import Component, Contract, Element, FigureSet, Milestone, Module, Sector
from .desk import AnswerDraft, ThreadGroup
from .document import Document
from .draft import Draft, Visit
from .event import Digest, Event, Notification
from .person import Commitment, Membership, Organisation, Person, Subscription
from .round import Round
from .section import Decision, Display, Rendering, Revision, Section, section_sector
from .sheet import Sheet
from .thread import Comment, Placement, Support, Thread

__all__ = [
    "AnswerDraft",
    "Comment",
    "Commitment",
    "Component",
    "Contract",
    "Decision",
    "Digest",
    "Display",
    "Document",
    "Draft",
    "Element",
    "Event",
    "FigureSet",
    "Membership",
    "Milestone",
    "Module",
    "Notification",
    "Organisation",
    "Person",
    "Placement",
    "Rendering",
    "Revision",
    "Round",
    "Section",
    "Sector",
    "Sheet",
    "Subscription",
    "Support",
    "Thread",
    "ThreadGroup",
    "Visit",
    "section_sector",
]
