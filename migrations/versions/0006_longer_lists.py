"""Longer closed lists: what can happen, why somebody hears of it, and remarks among the members of an organisation"""

from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KINDS = """
    person_invited password_forgotten contract_created section_assigned element_not_applicable
    element_applicable revision_saved remark_made reply_made remark_answered remark_withdrawn
    remark_supported remark_assigned remark_reattached answer_agreed answer_contested
    consultation_opened consultation_closed review_requested changes_requested section_approved
    section_reopened document_requested document_ready document_failed
""".split()
MORE_KINDS = """
    step_undone position_taken approval_voided round_planned round_opened round_extended
    round_closed text_corrected guest_remarked remark_held remark_released remark_hidden
    remark_flagged hiding_appealed appeal_decided guest_link_sent guest_link_revoked
    position_submitted mandate_given reminder_due contract_frozen freeze_lifted iteration_begun
    signatory_invited signatory_moved questions_received question_assigned question_answered
    addendum_issued
""".split()
REASONS = """
    invited author in_thread owner assigned judge pen coordinator follower voice requester
""".split()
MORE_REASONS = """
    delegate positioned told moderator chain
""".split()
SEEN_BY = ['public', 'participants', 'city']


def allow(table: str, name: str, column: str, values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f'ck_{table}_{name}'), type_='check')
        batch_op.create_check_constraint(batch_op.f(f'ck_{table}_{name}'), f'{column} IN ({listed})')


def upgrade() -> None:
    allow('event', 'eventkind', 'kind', KINDS + MORE_KINDS)
    allow('notification', 'reason', 'reason', REASONS + MORE_REASONS)
    allow('thread', 'visibility', 'visibility', SEEN_BY + ['organisation'])


def downgrade() -> None:
    allow('thread', 'visibility', 'visibility', SEEN_BY)
    allow('notification', 'reason', 'reason', REASONS)
    allow('event', 'eventkind', 'kind', KINDS)
