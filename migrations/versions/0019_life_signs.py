"""Signs of life of beat and workers; letters that left or failed are found without reading all"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

SENT = sa.text('sent_at IS NOT NULL')
GIVEN_UP = sa.text('sent_at IS NULL AND last_error IS NOT NULL')


def upgrade() -> None:
    part = sa.Enum('beat', 'worker', name='part', native_enum=False, create_constraint=True, length=32)
    op.create_table(
        'life_sign',
        sa.Column('part', part, nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('part', 'name', name=op.f('pk_life_sign')),
    )
    op.create_index(
        'ix_digest_sent',
        'digest',
        ['rhythm', 'sent_at'],
        postgresql_where=SENT,
        sqlite_where=SENT,
    )
    op.create_index(
        'ix_digest_given_up',
        'digest',
        ['closed_at'],
        postgresql_where=GIVEN_UP,
        sqlite_where=GIVEN_UP,
    )


def downgrade() -> None:
    op.drop_index('ix_digest_given_up', table_name='digest')
    op.drop_index('ix_digest_sent', table_name='digest')
    op.drop_table('life_sign')
