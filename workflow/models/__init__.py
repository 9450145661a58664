"""Floor 2: rows, relations and constraints. Models hold no verbs: they never send, render or decide."""

from .contract import Component, Contract, Element, FigureSet, Milestone, Module, Sector
from .document import Document
from .event import Digest, Event, Notification
from .person import Commitment, Membership, Organisation, Person, Subscription
from .section import Decision, Display, Rendering, Revision, Section, section_sector
from .thread import Comment, Placement, Support, Thread

__all__ = [
    "Comment",
    "Commitment",
    "Component",
    "Contract",
    "Decision",
    "Digest",
    "Display",
    "Document",
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
    "Section",
    "Sector",
    "Subscription",
    "Support",
    "Thread",
    "section_sector",
]
