"""A city's contract and the outline that its template pack laid down: components, modules, elements, sectors."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import db
from ..rules.cadence import HOME
from ..rules.vocabulary import ElementKind
from .columns import Created, Key, Titled, to, words


class Contract(db.Model, Titled):
    """`frozen` is the manifest under which the contract stands still; `public_days` is the least that a public round
    lasts, in days; `time_zone` is that of the city, whose day it is that papers and deadlines go by."""

    __tablename__ = "contract"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    city: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(60), default=HOME)
    language: Mapped[str] = mapped_column(String(8), default="en")
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en"])
    iteration: Mapped[int] = mapped_column(default=1)
    base_year: Mapped[int | None]
    target_year: Mapped[int] = mapped_column(default=2030)
    target: Mapped[str | None] = mapped_column(String(500))
    pack: Mapped[str] = mapped_column(String(40))
    pack_version: Mapped[str] = mapped_column(String(20))
    public_days: Mapped[int] = mapped_column(default=30)
    submit_on: Mapped[date | None]
    frozen_id: Mapped[int | None] = mapped_column(
        ForeignKey("manifest.id", use_alter=True, name="fk_contract_frozen_id_manifest")
    )
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]

    components: Mapped[list["Component"]] = relationship(
        order_by="Component.position", back_populates="contract"
    )
    sectors: Mapped[list["Sector"]] = relationship(
        order_by="Sector.position", back_populates="contract"
    )
    frozen: Mapped["Manifest | None"] = relationship(  # noqa: F821
        foreign_keys=[frozen_id], post_update=True
    )
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.on")
    views: Mapped[list["SavedView"]] = relationship(  # noqa: F821
        order_by="SavedView.name", viewonly=True
    )


class Component(db.Model, Titled):
    """One of the documents that a contract consists of."""

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("contract_id", "key"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    key: Mapped[str] = mapped_column(String(80))
    template_version: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]

    contract: Mapped[Contract] = relationship(back_populates="components")
    modules: Mapped[list["Module"]] = relationship(
        order_by="Module.position", back_populates="component"
    )


class Module(db.Model, Titled):
    """A chapter of a component. `code` is a label that cities may change; `key` is what code relies on."""

    __tablename__ = "module"
    __table_args__ = (UniqueConstraint("component_id", "key"),)

    id: Mapped[Key]
    component_id: Mapped[int] = to("component.id")
    key: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(20))
    part: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int]

    component: Mapped[Component] = relationship(back_populates="modules")
    elements: Mapped[list["Element"]] = relationship(
        order_by="Element.position", back_populates="module"
    )
    sections: Mapped[list["Section"]] = relationship(  # noqa: F821
        order_by="Section.position", back_populates="module"
    )


class Element(db.Model, Titled):
    """What the pack asks for in a module; answered in a section, or "not applicable, because …"."""

    __tablename__ = "element"
    __table_args__ = (UniqueConstraint("module_id", "key"),)

    id: Mapped[Key]
    module_id: Mapped[int] = to("module.id")
    section_id: Mapped[int | None] = to("section.id")
    key: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[ElementKind] = mapped_column(words(ElementKind))
    required: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    not_applicable_because: Mapped[str | None] = mapped_column(String(2000))

    module: Mapped[Module] = relationship(back_populates="elements")


class Sector(db.Model, Titled):
    """A sector of the contract.

    The axis of inventories (`emission_sources`) is another one than that of actions (`field_of_action`).
    """

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("contract_id", "key"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    key: Mapped[str] = mapped_column(String(40))
    field_of_action: Mapped[str | None] = mapped_column(String(120))
    emission_sources: Mapped[list[str]] = mapped_column(JSON, default=list)
    colour: Mapped[str] = mapped_column(String(9), default="#475569")
    position: Mapped[int]

    contract: Mapped[Contract] = relationship(back_populates="sectors")


class FigureSet(db.Model):
    """Figures of the contract as data, one named set a row (baseline, target, indicators …)."""

    __tablename__ = "figure_set"
    __table_args__ = (UniqueConstraint("contract_id", "key"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    key: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    source: Mapped[str | None] = mapped_column(String(500))
    figures: Mapped[dict] = mapped_column(JSON)


class Milestone(db.Model):
    __tablename__ = "milestone"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    on: Mapped[date]
    label: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(500))
