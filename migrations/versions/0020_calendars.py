"""Each person has an address for a calendar of deadlines, which remembers what it told"""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.add_column(
            sa.Column('calendar_epoch', sa.Integer(), server_default='1', nullable=False)
        )
    op.create_table(
        'calendar_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('uid', sa.String(length=80), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('sequence', sa.Integer(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_calendar_entry_person_id_person')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_entry')),
        sa.UniqueConstraint('person_id', 'uid', name=op.f('uq_calendar_entry_person_id_uid')),
    )


def downgrade() -> None:
    op.drop_table('calendar_entry')
    with op.batch_alter_table('person') as batch_op:
        batch_op.drop_column('calendar_epoch')
