"""Rounds, approval, moderation, guests, manifests, signatories, questions, seals and reminders"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('row_sha256', sa.String(length=64), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal')),
    sa.UniqueConstraint('kind', 'row_id', name=op.f('uq_seal_kind_row_id'))
    )
    op.create_table('manifest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('contract', 'addendum', name='manifestkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('iteration', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_manifest_by_id_person')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_manifest_contract_id_contract')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['manifest.id'], name=op.f('fk_manifest_supersedes_id_manifest')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_manifest')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_manifest_contract_id_number'))
    )
    op.create_table('reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('round_closing', 'section_due', 'position_awaited', 'signature_awaited', 'question_due', 'answers_due', name='reminderkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('mark', sa.Integer(), nullable=False),
    sa.Column('rung', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_reminder_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('kind', 'subject_id', 'due_on', 'mark', name=op.f('uq_reminder_kind_subject_id_due_on_mark'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_contract_id'), ['contract_id'], unique=False)

    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('query', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_saved_view_contract_id_contract')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_view_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('person_id', 'contract_id', 'name', name=op.f('uq_saved_view_person_id_contract_id_name'))
    )
    op.create_table('signatory',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('invited', 'in_preparation', 'legal_check', 'signed', 'withdrawn', name='signatorystatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('tier', sa.Enum('premium', 'framework', 'basis', 'letter_of_intent', name='tier', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('representative', sa.String(length=200), nullable=False),
    sa.Column('office', sa.String(length=200), nullable=False),
    sa.Column('may_publish', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('manifest_id', sa.Integer(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('letter_key', sa.String(length=64), nullable=True),
    sa.Column('letter_name', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_signatory_contract_id_contract')),
    sa.ForeignKeyConstraint(['manifest_id'], ['manifest.id'], name=op.f('fk_signatory_manifest_id_manifest')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_signatory_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatory')),
    sa.UniqueConstraint('contract_id', 'organisation_id', name=op.f('uq_signatory_contract_id_organisation_id'))
    )
    with op.batch_alter_table('signatory', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signatory_manifest_id'), ['manifest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signatory_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('signatory_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('signatory_id', sa.Integer(), nullable=False),
    sa.Column('from_status', sa.Enum('invited', 'in_preparation', 'legal_check', 'signed', 'withdrawn', name='from_status', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('to_status', sa.Enum('invited', 'in_preparation', 'legal_check', 'signed', 'withdrawn', name='to_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('manifest_id', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('letter_key', sa.String(length=64), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_signatory_entry_by_id_person')),
    sa.ForeignKeyConstraint(['manifest_id'], ['manifest.id'], name=op.f('fk_signatory_entry_manifest_id_manifest')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_signatory_entry_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatory_entry'))
    )
    with op.batch_alter_table('signatory_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signatory_entry_signatory_id'), ['signatory_id'], unique=False)

    op.create_table('approval_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('order_no', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('role', sa.Enum('admin', 'coordinator', 'editor', 'reviewer', 'approver', 'stakeholder', 'observer', name='role', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('quorum', sa.Integer(), nullable=False),
    sa.CheckConstraint('quorum >= 1', name=op.f('ck_approval_step_quorum')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_approval_step_contract_id_contract')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_approval_step_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_step'))
    )
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.create_index('ix_approval_step_section', ['contract_id', 'section_id', 'order_no'], unique=False)

    op.create_table('round_section',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_section_round_id_round')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_round_section_section_id_section')),
    sa.PrimaryKeyConstraint('round_id', 'section_id', name=op.f('pk_round_section'))
    )
    with op.batch_alter_table('round_section', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_section_section_id'), ['section_id'], unique=False)

    op.create_table('approval_step_person',
    sa.Column('step_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_step_person_person_id_person')),
    sa.ForeignKeyConstraint(['step_id'], ['approval_step.id'], name=op.f('fk_approval_step_person_step_id_approval_step'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('step_id', 'person_id', name=op.f('pk_approval_step_person'))
    )
    with op.batch_alter_table('approval_step_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_step_person_person_id'), ['person_id'], unique=False)

    op.create_table('guest_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_guest_link_contract_id_contract')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_guest_link_made_by_id_person')),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_guest_link_membership_id_membership')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_guest_link_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_guest_link_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_link'))
    )
    with op.batch_alter_table('guest_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guest_link_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_link_person_id'), ['person_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.Enum('mission_platform', 'commission', 'other', name='reviewbody', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('checklist', sa.Integer(), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('quote', sa.Text(), nullable=True),
    sa.Column('prefix', sa.Text(), nullable=True),
    sa.Column('suffix', sa.Text(), nullable=True),
    sa.Column('start_at', sa.Integer(), nullable=True),
    sa.Column('end_at', sa.Integer(), nullable=True),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('carried_out_by_id', sa.Integer(), nullable=True),
    sa.Column('addendum_id', sa.Integer(), nullable=True),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['addendum_id'], ['manifest.id'], name=op.f('fk_question_addendum_id_manifest')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_question_answered_by_id_person')),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_question_assignee_id_person')),
    sa.ForeignKeyConstraint(['carried_out_by_id'], ['revision.id'], name=op.f('fk_question_carried_out_by_id_revision')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_question_contract_id_contract')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_question_entered_by_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_question_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_question_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_question_contract_id_number'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_addendum_id'), ['addendum_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_section_id'), ['section_id'], unique=False)

    op.create_table('round_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('change', sa.Enum('extended', 'corrected', name='roundchange', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('closes_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('before_id', sa.Integer(), nullable=True),
    sa.Column('after_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['after_id'], ['revision.id'], name=op.f('fk_round_entry_after_id_revision')),
    sa.ForeignKeyConstraint(['before_id'], ['revision.id'], name=op.f('fk_round_entry_before_id_revision')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_round_entry_by_id_person')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_entry_round_id_round')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_round_entry_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_entry'))
    )
    with op.batch_alter_table('round_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_entry_round_id'), ['round_id'], unique=False)

    op.create_table('position',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('stance', sa.Enum('approve', 'no_objection', 'object', 'abstain', 'recuse', 'none', name='stance', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_position_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_position_person_id_person')),
    sa.ForeignKeyConstraint(['review_id'], ['decision.id'], name=op.f('fk_position_review_id_decision')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_position_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_position_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position'))
    )
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_position_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_position_review', ['section_id', 'review_id'], unique=False)

    op.create_table('moderation_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('confirm', 'hold', 'release', 'hide', 'flag', 'dismiss', 'appeal', 'uphold', name='moderationact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_moderation_entry_by_id_person')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_moderation_entry_comment_id_comment')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_moderation_entry_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_entry'))
    )
    with op.batch_alter_table('moderation_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_entry_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_moderation_entry_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index('ix_moderation_entry_waiting', ['contract_id'], unique=False, postgresql_where=sa.text("settled_at IS NULL AND act IN ('flag', 'appeal')"), sqlite_where=sa.text("settled_at IS NULL AND act IN ('flag', 'appeal')"))

    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moderation', sa.Enum('shown', 'unconfirmed', 'held', 'hidden', name='moderation', native_enum=False, create_constraint=True, length=32), nullable=False, server_default='shown'))

    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_days', sa.Integer(), nullable=False, server_default='30'))
        batch_op.add_column(sa.Column('submit_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('frozen_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_contract_frozen_id_manifest', 'manifest', ['frozen_id'], ['id'])

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('undoes_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_decision_undoes_id_decision'), 'decision', ['undoes_id'], ['id'])

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('round_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('position_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('manifest_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('signatory_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('question_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reminder_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('guest_link_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_event_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_round_id_round'), 'round', ['round_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_question_id_question'), 'question', ['question_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_position_id_position'), 'position', ['position_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_guest_link_id_guest_link'), 'guest_link', ['guest_link_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_reminder_id_reminder'), 'reminder', ['reminder_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_manifest_id_manifest'), 'manifest', ['manifest_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_signatory_id_signatory'), 'signatory', ['signatory_id'], ['id'])

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mandate', sa.Enum('member', 'delegate', 'substitute', name='mandate', native_enum=False, create_constraint=True, length=32), nullable=False, server_default='member'))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('guest', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audience', sa.Enum('invited', 'organisations', 'public', name='roundaudience', native_enum=False, create_constraint=True, length=32), nullable=False, server_default='invited'))
        batch_op.add_column(sa.Column('announcement', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('opened_at',
               existing_type=sa.DateTime(timezone=True),
               nullable=True)
        batch_op.create_index('ix_round_running', ['closes_at'], unique=False, postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))

    op.execute('UPDATE round SET opens_at = opened_at')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.alter_column('opens_at', existing_type=sa.DateTime(timezone=True), nullable=False)

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('late', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('moderation', sa.Enum('shown', 'unconfirmed', 'held', 'hidden', name='moderation', native_enum=False, create_constraint=True, length=32), nullable=False, server_default='shown'))
        batch_op.add_column(sa.Column('official', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('consolidated_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_thread_consolidated_id'), ['consolidated_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_thread_consolidated_id_thread'), 'thread', ['consolidated_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_thread_consolidated_id_thread'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_thread_consolidated_id'))
        batch_op.drop_column('consolidated_id')
        batch_op.drop_column('official')
        batch_op.drop_constraint(batch_op.f('ck_thread_moderation'), type_='check')
        batch_op.drop_column('moderation')
        batch_op.drop_column('late')

    op.execute('UPDATE round SET opened_at = opens_at WHERE opened_at IS NULL')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.alter_column('opened_at', existing_type=sa.DateTime(timezone=True), nullable=False)

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index('ix_round_running', postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))
        batch_op.drop_column('opens_at')
        batch_op.drop_column('announcement')
        batch_op.drop_constraint(batch_op.f('ck_round_roundaudience'), type_='check')
        batch_op.drop_column('audience')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('guest')

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_membership_mandate'), type_='check')
        batch_op.drop_column('mandate')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_event_signatory_id_signatory'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_manifest_id_manifest'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_reminder_id_reminder'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_guest_link_id_guest_link'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_position_id_position'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_question_id_question'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_round_id_round'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_event_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_column('guest_link_id')
        batch_op.drop_column('reminder_id')
        batch_op.drop_column('question_id')
        batch_op.drop_column('signatory_id')
        batch_op.drop_column('manifest_id')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('position_id')
        batch_op.drop_column('round_id')

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_decision_undoes_id_decision'), type_='foreignkey')
        batch_op.drop_column('undoes_id')

    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_constraint('fk_contract_frozen_id_manifest', type_='foreignkey')
        batch_op.drop_column('frozen_id')
        batch_op.drop_column('submit_on')
        batch_op.drop_column('public_days')

    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_comment_moderation'), type_='check')
        batch_op.drop_column('moderation')

    with op.batch_alter_table('moderation_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_moderation_entry_waiting', postgresql_where=sa.text("settled_at IS NULL AND act IN ('flag', 'appeal')"), sqlite_where=sa.text("settled_at IS NULL AND act IN ('flag', 'appeal')"))
        batch_op.drop_index(batch_op.f('ix_moderation_entry_contract_id'))
        batch_op.drop_index(batch_op.f('ix_moderation_entry_comment_id'))

    op.drop_table('moderation_entry')
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.drop_index('ix_position_review')
        batch_op.drop_index(batch_op.f('ix_position_person_id'))

    op.drop_table('position')
    with op.batch_alter_table('round_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_entry_round_id'))

    op.drop_table('round_entry')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_section_id'))
        batch_op.drop_index(batch_op.f('ix_question_addendum_id'))

    op.drop_table('question')
    with op.batch_alter_table('guest_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_link_person_id'))
        batch_op.drop_index(batch_op.f('ix_guest_link_contract_id'))

    op.drop_table('guest_link')
    with op.batch_alter_table('approval_step_person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_step_person_person_id'))

    op.drop_table('approval_step_person')
    with op.batch_alter_table('round_section', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_section_section_id'))

    op.drop_table('round_section')
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_step_section')

    op.drop_table('approval_step')
    with op.batch_alter_table('signatory_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signatory_entry_signatory_id'))

    op.drop_table('signatory_entry')
    with op.batch_alter_table('signatory', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signatory_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_signatory_manifest_id'))

    op.drop_table('signatory')
    op.drop_table('saved_view')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_contract_id'))

    op.drop_table('reminder')
    op.drop_table('manifest')
    op.drop_table('seal')