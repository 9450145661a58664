"""Mail that comes back is kept as rows, and a letter says when one was not taken as it came"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

KINDS = """
    person_invited password_forgotten contract_created section_assigned element_not_applicable
    element_applicable revision_saved remark_made reply_made remark_answered remark_withdrawn
    remark_supported remark_assigned remark_reattached answer_agreed answer_contested
    consultation_opened consultation_closed review_requested changes_requested section_approved
    section_reopened document_requested document_ready document_failed step_undone position_taken
    approval_voided round_planned round_opened round_extended round_closed text_corrected
    guest_remarked remark_held remark_released remark_hidden remark_flagged hiding_appealed
    appeal_decided guest_link_sent guest_link_revoked position_submitted mandate_given reminder_due
    contract_frozen freeze_lifted iteration_begun signatory_invited signatory_moved
    questions_received question_assigned question_answered addendum_issued contract_submitted
    addendum_begun hook_made hook_changed hook_given_up
""".split()
MORE_KINDS = ['mail_returned']
OUTCOMES = ['replied', 'returned', 'stopped', 'ignored', 'failed']
PROBLEMS = """
    stranger no_words too_long too_many not_now no_right not_shown files automatic unreadable
""".split()


def upgrade() -> None:
    allow(KINDS + MORE_KINDS)
    op.create_table(
        'inbound',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.String(200), nullable=False),
        sa.Column('recipient', sa.String(254), nullable=False),
        sa.Column('sender', sa.String(254), nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('raw', sa.LargeBinary(), nullable=True),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('outcome', sa.Enum(*OUTCOMES, name='mailoutcome', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('problem', sa.Enum(*PROBLEMS, name='mailproblem', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('last_error', sa.Text(), nullable=True),
        sa.Column('person_id', sa.Integer(), nullable=True),
        sa.Column('comment_id', sa.Integer(), nullable=True),
        sa.Column('event_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_inbound_person_id_person')),
        sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_inbound_comment_id_comment')),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_inbound_event_id_event')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound')),
        sa.UniqueConstraint('message_id', 'recipient', name=op.f('uq_inbound_message_id_recipient')),
    )
    with op.batch_alter_table('inbound') as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_event_id'), ['event_id'])
        batch_op.create_index('ix_inbound_lately', ['person_id', 'received_at'])
        batch_op.create_index(
            'ix_inbound_waiting',
            ['next_try_at'],
            postgresql_where=sa.text('handled_at IS NULL'),
            sqlite_where=sa.text('handled_at IS NULL'),
        )


def downgrade() -> None:
    op.drop_table('inbound')
    returned = "(SELECT id FROM event WHERE kind = 'mail_returned')"
    op.execute(f'DELETE FROM notification WHERE event_id IN {returned}')
    op.execute("DELETE FROM event WHERE kind = 'mail_returned'")
    allow(KINDS)


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_eventkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_event_eventkind'), f'kind IN ({listed})')
