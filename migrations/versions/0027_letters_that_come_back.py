"""Letters that come back are counted, and an address that they come back from is suspended"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

OUTCOMES = ['replied', 'returned', 'stopped', 'ignored', 'failed']
KINDS = ['permanent', 'temporary']


def upgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.add_column(sa.Column('mail_suspended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('mail_resumed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'bounce',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('digest_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum(*KINDS, name='bouncekind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('said', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_bounce_person_id_person')),
        sa.ForeignKeyConstraint(['digest_id'], ['digest.id'], name=op.f('fk_bounce_digest_id_digest')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bounce')),
        sa.UniqueConstraint('digest_id', name=op.f('uq_bounce_digest_id')),
    )
    with op.batch_alter_table('bounce') as batch_op:
        batch_op.create_index(batch_op.f('ix_bounce_person_id'), ['person_id'])
    allow(OUTCOMES + ['bounced'])


def downgrade() -> None:
    op.execute("DELETE FROM inbound WHERE outcome = 'bounced'")
    allow(OUTCOMES)
    op.drop_table('bounce')
    with op.batch_alter_table('person') as batch_op:
        batch_op.drop_column('mail_resumed_at')
        batch_op.drop_column('mail_suspended_at')


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('inbound') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_inbound_mailoutcome'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_inbound_mailoutcome'), f'outcome IN ({listed})'
        )
