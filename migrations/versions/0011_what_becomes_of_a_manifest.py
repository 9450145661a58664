"""What becomes of a manifest is evidence; a contract is submitted, and an addendum begun"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
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
    questions_received question_assigned question_answered addendum_issued
""".split()
MORE_KINDS = ['contract_submitted', 'addendum_begun']
BODIES = ['mission_platform', 'commission', 'other']
STEPS = ['lifted', 'submitted', 'addendum', 'iteration']


def upgrade() -> None:
    allow(KINDS + MORE_KINDS)
    op.create_table(
        'manifest_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manifest_id', sa.Integer(), nullable=False),
        sa.Column('step', sa.Enum(*STEPS, name='manifeststep', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('body', sa.Enum(*BODIES, name='reviewbody', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('on', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_manifest_entry_by_id_person')),
        sa.ForeignKeyConstraint(['manifest_id'], ['manifest.id'], name=op.f('fk_manifest_entry_manifest_id_manifest')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manifest_entry')),
    )
    with op.batch_alter_table('manifest_entry') as batch_op:
        batch_op.create_index(batch_op.f('ix_manifest_entry_manifest_id'), ['manifest_id'])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            'CREATE TRIGGER manifest_entry_is_evidence BEFORE UPDATE OR DELETE ON manifest_entry '
            'FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()'
        )
        return
    for act in ('UPDATE', 'DELETE'):
        op.execute(
            f'CREATE TRIGGER manifest_entry_is_evidence_{act.lower()} BEFORE {act} ON manifest_entry '
            "BEGIN SELECT RAISE(ABORT, 'manifest_entry is evidence and is never rewritten'); END"
        )


def downgrade() -> None:
    op.drop_table('manifest_entry')
    allow(KINDS)


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_event_eventkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_event_eventkind'), f'kind IN ({listed})')
