"""Kinds of organisations are a closed list; the words that were written before stay in `detail`"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = """
    citizens ngo science_education government city_administration city_council city_company
    state_enterprise business civil_society vulnerable_group municipality finance media eu_body
    other
""".split()
MEANT = (
    ("city council", "city_council"),
    ("city administration", "city_administration"),
    ("state-owned", "state_enterprise"),
    ("state enterprise", "state_enterprise"),
    ("neighbouring municipality", "municipality"),
    ("municipal utility", "city_company"),
    ("municipal transport", "city_company"),
    ("city company", "city_company"),
    ("european", "eu_body"),
    ("government", "government"),
    ("ministry", "government"),
    ("municipality", "municipality"),
    ("vulnerable", "vulnerable_group"),
    ("civil society", "civil_society"),
    ("citizen", "citizens"),
    ("ngo", "ngo"),
    ("non-governmental", "ngo"),
    ("academia", "science_education"),
    ("science", "science_education"),
    ("university", "science_education"),
    ("research", "science_education"),
    ("school", "science_education"),
    ("bank", "finance"),
    ("finance", "finance"),
    ("media", "media"),
    ("business", "business"),
    ("industry", "business"),
    ("company", "business"),
)
"""The first words that are found in what was written name the kind; what has none of them is `other`."""

organisation = sa.table(
    "organisation",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("detail", sa.String),
)


def kind_of(words: str) -> str:
    said = words.casefold().replace("_", " ")
    exact = words if words in KINDS else None
    return exact or next((kind for part, kind in MEANT if part in said), "other")


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(organisation)).all():
        kind = kind_of(row.kind)
        own = row.kind if kind != row.kind else ""
        detail = "; ".join(words for words in (own, row.detail or "") if words)[:300]
        connection.execute(
            sa.update(organisation)
            .where(organisation.c.id == row.id)
            .values(kind=kind, detail=detail or None)
        )
    listed = ", ".join(repr(kind) for kind in KINDS)
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.alter_column(
            "kind", existing_type=sa.String(80), type_=sa.String(32), existing_nullable=False
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_organisationkind"), f"kind IN ({listed})"
        )


def downgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_organisation_organisationkind"), type_="check")
        batch_op.alter_column(
            "kind", existing_type=sa.String(32), type_=sa.String(80), existing_nullable=False
        )
