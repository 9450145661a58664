"""Web hooks, and what they were told"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
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
    addendum_begun
""".split()
MORE_KINDS = ['hook_made', 'hook_changed', 'hook_given_up']
WAITING = 'delivered_at IS NULL AND closed_at IS NULL'


def upgrade() -> None:
    op.create_table(
        'hook',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contract_id', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(500), nullable=False),
        sa.Column('kinds', sa.JSON(), nullable=False),
        sa.Column('salt', sa.String(64), nullable=False),
        sa.Column('earlier_salt', sa.String(64), nullable=True),
        sa.Column('earlier_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('seen_id', sa.Integer(), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('rests_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('made_by_id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_hook_contract_id_contract')),
        sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_hook_made_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook')),
        sa.UniqueConstraint('contract_id', 'address', name=op.f('uq_hook_contract_id_address')),
    )
    op.create_table(
        'delivery',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('hook_id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('status_code', sa.Integer(), nullable=True),
        sa.Column('last_error', sa.String(500), nullable=True),
        sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['hook_id'], ['hook.id'], name=op.f('fk_delivery_hook_id_hook')),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_delivery_event_id_event')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
        sa.UniqueConstraint('hook_id', 'event_id', name=op.f('uq_delivery_hook_id_event_id')),
    )
    op.create_index(
        'ix_delivery_waiting',
        'delivery',
        ['hook_id', 'next_try_at'],
        postgresql_where=sa.text(WAITING),
        sqlite_where=sa.text(WAITING),
    )
    op.create_index(op.f('ix_delivery_event_id'), 'delivery', ['event_id'])
    with op.batch_alter_table('event') as batch_op:
        batch_op.add_column(sa.Column('hook_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_event_hook_id_hook'), 'hook', ['hook_id'], ['id'])
    allow(KINDS + MORE_KINDS)


def downgrade() -> None:
    told = '(SELECT id FROM event WHERE hook_id IS NOT NULL)'
    op.execute(f'DELETE FROM notification WHERE event_id IN {told}')
    op.drop_table('delivery')
    op.execute('DELETE FROM event WHERE hook_id IS NOT NULL')
    allow(KINDS)
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_event_hook_id_hook'), type_='foreignkey')
        batch_op.drop_column('hook_id')
    op.drop_table('hook')


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_eventkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_event_eventkind'), f'kind IN ({listed})')
