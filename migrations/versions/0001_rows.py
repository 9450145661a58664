"""The rows of a contract, from outline to letter"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('iteration', sa.Integer(), nullable=False),
    sa.Column('base_year', sa.Integer(), nullable=True),
    sa.Column('target_year', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=500), nullable=True),
    sa.Column('pack', sa.String(length=40), nullable=False),
    sa.Column('pack_version', sa.String(length=20), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('slug', name=op.f('uq_contract_slug'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('rhythm', sa.Enum('immediate', 'daily', 'weekly', 'off', name='rhythm', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('digest_hour', sa.Integer(), nullable=False),
    sa.Column('digest_weekday', sa.Integer(), nullable=False),
    sa.Column('password_hash', sa.String(length=300), nullable=True),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('invented', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('digest_hour BETWEEN 0 AND 23', name=op.f('ck_person_digest_hour')),
    sa.CheckConstraint('digest_weekday BETWEEN 0 AND 6', name=op.f('ck_person_digest_weekday')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('component',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('template_version', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_component_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_component')),
    sa.UniqueConstraint('contract_id', 'key', name=op.f('uq_component_contract_id_key'))
    )
    with op.batch_alter_table('component', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_component_contract_id'), ['contract_id'], unique=False)

    op.create_table('digest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.Enum('immediate', 'daily', 'weekly', 'off', name='rhythm', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('composed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_digest_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest')),
    sa.UniqueConstraint('message_id', name=op.f('uq_digest_message_id')),
    sa.UniqueConstraint('person_id', 'due_at', name=op.f('uq_digest_person_id_due_at'))
    )
    with op.batch_alter_table('digest', schema=None) as batch_op:
        batch_op.create_index('ix_digest_waiting', ['next_try_at'], unique=False, postgresql_where=sa.text('sent_at IS NULL AND closed_at IS NULL'), sqlite_where=sa.text('sent_at IS NULL AND closed_at IS NULL'))

    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('requested_by_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Enum('public', 'participants', 'city', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('manifest', sa.JSON(), nullable=False),
    sa.Column('manifest_sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', 'cancelled', name='buildstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('step', sa.String(length=60), nullable=False),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('file_key', sa.String(length=64), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.CheckConstraint('progress BETWEEN 0 AND 100', name=op.f('ck_document_progress')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_document_contract_id_contract')),
    sa.ForeignKeyConstraint(['requested_by_id'], ['person.id'], name=op.f('fk_document_requested_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('contract_id', 'manifest_sha256', name=op.f('uq_document_contract_id_manifest_sha256'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index('ix_document_waiting', ['state', 'next_try_at'], unique=False)

    op.create_table('figure_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=True),
    sa.Column('source', sa.String(length=500), nullable=True),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_figure_set_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_set')),
    sa.UniqueConstraint('contract_id', 'key', name=op.f('uq_figure_set_contract_id_key'))
    )
    with op.batch_alter_table('figure_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_figure_set_contract_id'), ['contract_id'], unique=False)

    op.create_table('milestone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('label', sa.String(length=300), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_milestone_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone'))
    )
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_milestone_contract_id'), ['contract_id'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('detail', sa.String(length=300), nullable=True),
    sa.Column('level', sa.String(length=40), nullable=True),
    sa.Column('legal_form', sa.String(length=120), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('influence', sa.String(length=20), nullable=True),
    sa.Column('interest', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('contact', sa.String(length=200), nullable=True),
    sa.Column('invented', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_organisation_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('contract_id', 'name', name=op.f('uq_organisation_contract_id_name'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_contract_id'), ['contract_id'], unique=False)

    op.create_table('sector',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('field_of_action', sa.String(length=120), nullable=True),
    sa.Column('emission_sources', sa.JSON(), nullable=False),
    sa.Column('colour', sa.String(length=9), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_sector_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sector')),
    sa.UniqueConstraint('contract_id', 'key', name=op.f('uq_sector_contract_id_key'))
    )
    with op.batch_alter_table('sector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sector_contract_id'), ['contract_id'], unique=False)

    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('tonnes_per_year', sa.Double(), nullable=True),
    sa.Column('investment_eur', sa.Double(), nullable=True),
    sa.Column('by_year', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('invited', 'in_preparation', 'legal_check', 'signed', 'withdrawn', name='signatorystatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('figures_status', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_commitment_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('module',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('component_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('part', sa.String(length=200), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['component_id'], ['component.id'], name=op.f('fk_module_component_id_component')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module')),
    sa.UniqueConstraint('component_id', 'key', name=op.f('uq_module_component_id_key'))
    )
    with op.batch_alter_table('module', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_module_component_id'), ['component_id'], unique=False)

    op.create_table('organisation_sector',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('sector_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_sector_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_organisation_sector_sector_id_sector')),
    sa.PrimaryKeyConstraint('organisation_id', 'sector_id', name=op.f('pk_organisation_sector'))
    )
    with op.batch_alter_table('organisation_sector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_sector_sector_id'), ['sector_id'], unique=False)

    op.create_table('section',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('stage', sa.Enum('draft', 'consultation', 'revision', 'review', 'approved', name='stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stage_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('current_id', sa.Integer(), nullable=True),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_section_contract_id_contract')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_section_module_id_module')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_section_owner_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_section'))
    )
    with op.batch_alter_table('section', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_section_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_section_module_id'), ['module_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_section_owner_id'), ['owner_id'], unique=False)

    op.create_table('element',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('text', 'table', 'form', name='elementkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('not_applicable_because', sa.String(length=2000), nullable=True),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_element_module_id_module')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_element_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_element')),
    sa.UniqueConstraint('module_id', 'key', name=op.f('uq_element_module_id_key'))
    )
    with op.batch_alter_table('element', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_element_module_id'), ['module_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_element_section_id'), ['section_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('admin', 'coordinator', 'editor', 'reviewer', 'approver', 'stakeholder', 'observer', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sector_id', sa.Integer(), nullable=True),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_membership_contract_id_contract')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['person.id'], name=op.f('fk_membership_invited_by_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_membership_section_id_section')),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_membership_sector_id_sector')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_membership_role', ['contract_id', 'role'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_section_id'), ['section_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_sector_id'), ['sector_id'], unique=False)

    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('markdown', sa.Text(), nullable=False),
    sa.Column('plain', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_revision_author_id_person')),
    sa.ForeignKeyConstraint(['base_id'], ['revision.id'], name=op.f('fk_revision_base_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_revision_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('section_id', 'number', name=op.f('uq_revision_section_id_number'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revision_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_revision_section_id'), ['section_id'], unique=False)

    op.create_table('section_sector',
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('sector_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_section_sector_section_id_section')),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_section_sector_sector_id_sector')),
    sa.PrimaryKeyConstraint('section_id', 'sector_id', name=op.f('pk_section_sector'))
    )
    with op.batch_alter_table('section_sector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_section_sector_sector_id'), ['sector_id'], unique=False)

    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('muted', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_subscription_person_id_person')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_subscription_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('person_id', 'section_id', name=op.f('uq_subscription_person_id_section_id'))
    )
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_section_id'), ['section_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=32), nullable=False),
    sa.Column('from_stage', sa.Enum('draft', 'consultation', 'revision', 'review', 'approved', name='from_stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('to_stage', sa.Enum('draft', 'consultation', 'revision', 'review', 'approved', name='to_stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_decision_by_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_decision_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_decision_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('section_id', 'number', name=op.f('uq_decision_section_id_number'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_revision_id'), ['revision_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_section_id'), ['section_id'], unique=False)

    op.create_table('display',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('announcement', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_display_opened_by_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_display_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_display_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_display'))
    )
    with op.batch_alter_table('display', schema=None) as batch_op:
        batch_op.create_index('ix_display_open', ['section_id', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_display_revision_id'), ['revision_id'], unique=False)

    op.create_table('rendering',
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('renderer', sa.String(length=20), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('blocks', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_rendering_revision_id_revision')),
    sa.PrimaryKeyConstraint('revision_id', name=op.f('pk_rendering'))
    )
    op.create_table('thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('question', 'correction', 'suggestion', 'concern', 'objection', 'support', name='remarkkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('visibility', sa.Enum('public', 'participants', 'city', name='visibility', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('channel', sa.Enum('web', 'workshop', 'paper', 'phone', 'letter', 'email', name='channel', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('quote', sa.Text(), nullable=True),
    sa.Column('prefix', sa.Text(), nullable=True),
    sa.Column('suffix', sa.Text(), nullable=True),
    sa.Column('start_at', sa.Integer(), nullable=True),
    sa.Column('end_at', sa.Integer(), nullable=True),
    sa.Column('block', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disposition', sa.Enum('accepted', 'accepted_in_part', 'noted', 'not_accepted', 'out_of_scope', 'duplicate', 'referred', name='disposition', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('carried_out_by_id', sa.Integer(), nullable=True),
    sa.Column('duplicate_of_id', sa.Integer(), nullable=True),
    sa.Column('supports', sa.Integer(), nullable=False),
    sa.Column('lock', sa.Integer(), nullable=False),
    sa.CheckConstraint("disposition IS NULL OR disposition = 'accepted' OR answer <> ''", name=op.f('ck_thread_reason_given')),
    sa.CheckConstraint('start_at IS NULL OR start_at <= end_at', name=op.f('ck_thread_anchor_order')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_thread_answered_by_id_person')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_thread_author_id_person')),
    sa.ForeignKeyConstraint(['carried_out_by_id'], ['revision.id'], name=op.f('fk_thread_carried_out_by_id_revision')),
    sa.ForeignKeyConstraint(['duplicate_of_id'], ['thread.id'], name=op.f('fk_thread_duplicate_of_id_thread')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_thread_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_thread_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_thread_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread')),
    sa.UniqueConstraint('section_id', 'number', name=op.f('uq_thread_section_id_number'))
    )
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_thread_open', ['section_id', 'answered_at', 'withdrawn_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_revision_id'), ['revision_id'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('translation', sa.Text(), nullable=True),
    sa.Column('token', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id_person')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_comment_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('token', name=op.f('uq_comment_token'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_thread_id'), ['thread_id'], unique=False)

    op.create_table('placement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('exact', 'moved', 'edited', 'orphaned', name='anchorstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('start_at', sa.Integer(), nullable=True),
    sa.Column('end_at', sa.Integer(), nullable=True),
    sa.Column('similarity', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_placement_revision_id_revision')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_placement_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('thread_id', 'revision_id', name=op.f('uq_placement_thread_id_revision_id'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_revision_id'), ['revision_id'], unique=False)

    op.create_table('support',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_support_person_id_person')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_support_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support')),
    sa.UniqueConstraint('thread_id', 'person_id', name=op.f('uq_support_thread_id_person_id'))
    )
    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_person_id'), ['person_id'], unique=False)

    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('person_invited', 'password_forgotten', 'contract_created', 'section_assigned', 'element_not_applicable', 'element_applicable', 'revision_saved', 'remark_made', 'reply_made', 'remark_answered', 'remark_withdrawn', 'remark_supported', 'remark_assigned', 'remark_reattached', 'answer_agreed', 'answer_contested', 'consultation_opened', 'consultation_closed', 'review_requested', 'changes_requested', 'section_approved', 'section_reopened', 'document_requested', 'document_ready', 'document_failed', name='eventkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('relayed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_event_actor_id_person')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_event_comment_id_comment')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_event_contract_id_contract')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_event_decision_id_decision')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_event_document_id_document')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_event_person_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_event_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_event_section_id_section')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_event_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_section_id'), ['section_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_thread_id'), ['thread_id'], unique=False)
        batch_op.create_index('ix_event_waiting', ['id'], unique=False, postgresql_where=sa.text('relayed_at IS NULL'), sqlite_where=sa.text('relayed_at IS NULL'))

    op.create_table('notification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('invited', 'author', 'in_thread', 'owner', 'assigned', 'judge', 'pen', 'coordinator', 'follower', 'voice', 'requester', name='reason', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['digest_id'], ['digest.id'], name=op.f('fk_notification_digest_id_digest')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_notification_event_id_event')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notification_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('event_id', 'person_id', name=op.f('uq_notification_event_id_person_id'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index('ix_notification_due', ['due_at', 'person_id'], unique=False, postgresql_where=sa.text('digest_id IS NULL AND read_at IS NULL AND due_at IS NOT NULL'), sqlite_where=sa.text('digest_id IS NULL AND read_at IS NULL AND due_at IS NOT NULL'))
        batch_op.create_index('ix_notification_unread', ['person_id', 'read_at'], unique=False)
    with op.batch_alter_table("section") as batch_op:
        batch_op.create_foreign_key("fk_section_current_id_revision", "revision", ["current_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("section") as batch_op:
        batch_op.drop_constraint("fk_section_current_id_revision", type_="foreignkey")
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_unread')
        batch_op.drop_index('ix_notification_due', postgresql_where=sa.text('digest_id IS NULL AND read_at IS NULL AND due_at IS NOT NULL'), sqlite_where=sa.text('digest_id IS NULL AND read_at IS NULL AND due_at IS NOT NULL'))

    op.drop_table('notification')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_waiting', postgresql_where=sa.text('relayed_at IS NULL'), sqlite_where=sa.text('relayed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_event_thread_id'))
        batch_op.drop_index(batch_op.f('ix_event_section_id'))
        batch_op.drop_index(batch_op.f('ix_event_contract_id'))
        batch_op.drop_index(batch_op.f('ix_event_actor_id'))

    op.drop_table('event')
    with op.batch_alter_table('support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_support_person_id'))

    op.drop_table('support')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_revision_id'))

    op.drop_table('placement')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_thread_id'))
        batch_op.drop_index(batch_op.f('ix_comment_author_id'))

    op.drop_table('comment')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_revision_id'))
        batch_op.drop_index(batch_op.f('ix_thread_organisation_id'))
        batch_op.drop_index('ix_thread_open')
        batch_op.drop_index(batch_op.f('ix_thread_author_id'))

    op.drop_table('thread')
    op.drop_table('rendering')
    with op.batch_alter_table('display', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_display_revision_id'))
        batch_op.drop_index('ix_display_open')

    op.drop_table('display')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_section_id'))
        batch_op.drop_index(batch_op.f('ix_decision_revision_id'))
        batch_op.drop_index(batch_op.f('ix_decision_by_id'))

    op.drop_table('decision')
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subscription_section_id'))

    op.drop_table('subscription')
    with op.batch_alter_table('section_sector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_section_sector_sector_id'))

    op.drop_table('section_sector')
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revision_section_id'))
        batch_op.drop_index(batch_op.f('ix_revision_author_id'))

    op.drop_table('revision')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_sector_id'))
        batch_op.drop_index(batch_op.f('ix_membership_section_id'))
        batch_op.drop_index('ix_membership_role')
        batch_op.drop_index(batch_op.f('ix_membership_person_id'))
        batch_op.drop_index(batch_op.f('ix_membership_organisation_id'))

    op.drop_table('membership')
    with op.batch_alter_table('element', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_element_section_id'))
        batch_op.drop_index(batch_op.f('ix_element_module_id'))

    op.drop_table('element')
    with op.batch_alter_table('section', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_section_owner_id'))
        batch_op.drop_index(batch_op.f('ix_section_module_id'))
        batch_op.drop_index(batch_op.f('ix_section_contract_id'))

    op.drop_table('section')
    with op.batch_alter_table('organisation_sector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_sector_sector_id'))

    op.drop_table('organisation_sector')
    with op.batch_alter_table('module', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_module_component_id'))

    op.drop_table('module')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commitment_organisation_id'))

    op.drop_table('commitment')
    with op.batch_alter_table('sector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sector_contract_id'))

    op.drop_table('sector')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_contract_id'))

    op.drop_table('organisation')
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_milestone_contract_id'))

    op.drop_table('milestone')
    with op.batch_alter_table('figure_set', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_figure_set_contract_id'))

    op.drop_table('figure_set')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('ix_document_waiting')

    op.drop_table('document')
    with op.batch_alter_table('digest', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_waiting', postgresql_where=sa.text('sent_at IS NULL AND closed_at IS NULL'), sqlite_where=sa.text('sent_at IS NULL AND closed_at IS NULL'))

    op.drop_table('digest')
    with op.batch_alter_table('component', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_component_contract_id'))

    op.drop_table('component')
    op.drop_table('person')
    op.drop_table('contract')
