"""Rounds, suggestions, the desk and private drafts"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers_published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_round_contract_id_contract')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_round_opened_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_round_contract_id_number'))
    )
    op.create_table('thread_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_thread_group_contract_id_contract')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_thread_group_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_group'))
    )
    with op.batch_alter_table('thread_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_group_contract_id'), ['contract_id'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=True),
    sa.Column('markdown', sa.Text(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['revision.id'], name=op.f('fk_draft_base_id_revision')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_person_id_person')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_draft_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('person_id', 'section_id', name=op.f('uq_draft_person_id_section_id'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_section_id'), ['section_id'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_person_id_person')),
    sa.ForeignKeyConstraint(['previous_id'], ['revision.id'], name=op.f('fk_visit_previous_id_revision')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_visit_revision_id_revision')),
    sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_visit_section_id_section')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('person_id', 'section_id', name=op.f('uq_visit_person_id_section_id'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_section_id'), ['section_id'], unique=False)

    op.create_table('answer_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('disposition', sa.Enum('accepted', 'accepted_in_part', 'noted', 'not_accepted', 'out_of_scope', 'duplicate', 'referred', name='disposition', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('carried_out_by_id', sa.Integer(), nullable=True),
    sa.Column('duplicate_of_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_answer_draft_by_id_person')),
    sa.ForeignKeyConstraint(['carried_out_by_id'], ['revision.id'], name=op.f('fk_answer_draft_carried_out_by_id_revision')),
    sa.ForeignKeyConstraint(['duplicate_of_id'], ['thread.id'], name=op.f('fk_answer_draft_duplicate_of_id_thread')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_answer_draft_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_draft')),
    sa.UniqueConstraint('thread_id', name=op.f('uq_answer_draft_thread_id'))
    )
    with op.batch_alter_table('display', schema=None) as batch_op:
        batch_op.add_column(sa.Column('round_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_display_round_id'), ['round_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_display_round_id_round'), 'round', ['round_id'], ['id'])

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replacement', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('on_behalf_of', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('source', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('round_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('assignee_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contested_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contest', sa.Text(), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_thread_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_thread_round_id'), ['round_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_thread_group_id_thread_group'), 'thread_group', ['group_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_thread_assignee_id_person'), 'person', ['assignee_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_thread_round_id_round'), 'round', ['round_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_thread_round_id_round'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_thread_assignee_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_thread_group_id_thread_group'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_thread_round_id'))
        batch_op.drop_index(batch_op.f('ix_thread_group_id'))
        batch_op.drop_index(batch_op.f('ix_thread_assignee_id'))
        batch_op.drop_column('contest')
        batch_op.drop_column('contested_at')
        batch_op.drop_column('agreed_at')
        batch_op.drop_column('assignee_id')
        batch_op.drop_column('group_id')
        batch_op.drop_column('round_id')
        batch_op.drop_column('source')
        batch_op.drop_column('on_behalf_of')
        batch_op.drop_column('replacement')

    with op.batch_alter_table('display', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_display_round_id_round'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_display_round_id'))
        batch_op.drop_column('round_id')

    op.drop_table('answer_draft')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_section_id'))

    op.drop_table('visit')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_section_id'))

    op.drop_table('draft')
    with op.batch_alter_table('thread_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_thread_group_contract_id'))

    op.drop_table('thread_group')
    op.drop_table('round')
