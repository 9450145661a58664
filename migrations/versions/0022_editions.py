"""Documents of a part of the contract, with or without annexes"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

WORDS = (
    ('format', 'fileformat', ('pdf',)),
    ('kind', 'editionkind', ('reading',)),
    ('scope', 'scope', ('whole', 'component', 'module', 'section')),
)


def upgrade() -> None:
    with op.batch_alter_table('document') as batch:
        for column, name, values in WORDS:
            kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
            batch.add_column(sa.Column(column, kind, nullable=False, server_default=values[0]))
        batch.add_column(sa.Column('place_id', sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column('annexes', sa.String(length=120), nullable=False, server_default='')
        )
    op.execute("UPDATE document SET annexes = 'comments' WHERE addendum_id IS NULL")
    with op.batch_alter_table('document') as batch:
        for name in ('format', 'kind', 'scope', 'annexes'):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('document') as batch:
        for _column, name, _values in WORDS:
            batch.drop_constraint(batch.f(f'ck_document_{name}'), type_='check')
        for column in ('format', 'kind', 'scope', 'place_id', 'annexes'):
            batch.drop_column(column)
