"""Web hooks that are removed"""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
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
    addendum_begun hook_made hook_changed hook_given_up mail_returned letter_resent letter_stopped
    address_suspended address_resumed logo_changed colour_changed grant_changed
""".split()
MORE_KINDS = ['hook_removed']
IN_USE = sa.text('removed_at IS NULL')


def upgrade() -> None:
    allow(KINDS + MORE_KINDS)
    with op.batch_alter_table('hook') as batch_op:
        batch_op.add_column(sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_hook_contract_id_address'), type_='unique')
    op.create_index(
        'ix_hook_in_use',
        'hook',
        ['contract_id', 'address'],
        unique=True,
        postgresql_where=IN_USE,
        sqlite_where=IN_USE,
    )


def downgrade() -> None:
    """Those that were removed stay as names in the record, beside others with the same address."""
    op.drop_index('ix_hook_in_use', 'hook')
    op.execute("UPDATE hook SET address = id || ' ' || address WHERE removed_at IS NOT NULL")
    with op.batch_alter_table('hook') as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f('uq_hook_contract_id_address'), ['contract_id', 'address']
        )
        batch_op.drop_column('removed_at')
    listed = ', '.join(repr(value) for value in MORE_KINDS)
    op.execute(f'DELETE FROM event WHERE kind IN ({listed})')
    allow(KINDS)


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_eventkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_event_eventkind'), f'kind IN ({listed})')
