"""Commitments belong to signatories; a step of one keeps what was signed, and its event names the step"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

STATES = ['invited', 'in_preparation', 'legal_check', 'signed', 'withdrawn']
TIERS = ['premium', 'framework', 'basis', 'letter_of_intent']


def listed(words: list[str], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column('signatory_entry', sa.Column('content', sa.JSON(), nullable=True))
    with op.batch_alter_table('event') as batch_op:
        batch_op.add_column(sa.Column('signatory_entry_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_event_signatory_entry_id_signatory_entry'),
            'signatory_entry', ['signatory_entry_id'], ['id'],
        )
    _make_signatories()
    with op.batch_alter_table('commitment') as batch_op:
        batch_op.add_column(sa.Column('signatory_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('tier', listed(TIERS, 'tier'), nullable=True))
        batch_op.add_column(sa.Column('sector_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('may_publish', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('lock', sa.Integer(), nullable=False, server_default='1'))
        batch_op.alter_column('title', new_column_name='text', type_=sa.Text(), existing_type=sa.String(300), existing_nullable=False)
    of = 'SELECT {} FROM signatory WHERE signatory.organisation_id = commitment.organisation_id'
    op.execute(
        f"UPDATE commitment SET signatory_id = ({of.format('id')}), tier = coalesce(({of.format('tier')}), "
        "CASE WHEN tonnes_per_year IS NULL THEN 'basis' ELSE 'framework' END)"
    )
    with op.batch_alter_table('commitment') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_commitment_signatorystatus'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_commitment_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_commitment_organisation_id'))
        for name in ('status', 'figures_status', 'organisation_id'):
            batch_op.drop_column(name)
        batch_op.alter_column('signatory_id', nullable=False, existing_type=sa.Integer())
        batch_op.alter_column('tier', nullable=False, existing_type=sa.String(32))
        batch_op.alter_column('may_publish', server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
        batch_op.alter_column('lock', server_default=None, existing_type=sa.Integer(), existing_nullable=False)
        for column, table in (('signatory_id', 'signatory'), ('sector_id', 'sector')):
            batch_op.create_foreign_key(batch_op.f(f'fk_commitment_{column}_{table}'), table, [column], ['id'])
            batch_op.create_index(batch_op.f(f'ix_commitment_{column}'), [column])
    with op.batch_alter_table('signatory') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_signatory_tier'), type_='check')
        batch_op.drop_column('tier')


def _make_signatories() -> None:
    """Whoever promised something is on the list; nobody signs before there is a manifest."""
    op.execute(
        "INSERT INTO signatory (contract_id, organisation_id, status, representative, office, may_publish, created_at, lock) "
        "SELECT o.contract_id, o.id, "
        "(SELECT CASE WHEN c.status = 'signed' THEN 'legal_check' ELSE c.status END FROM commitment c "
        "WHERE c.organisation_id = o.id ORDER BY c.id LIMIT 1), '', '', false, CURRENT_TIMESTAMP, 1 "
        "FROM organisation o WHERE EXISTS (SELECT 1 FROM commitment c WHERE c.organisation_id = o.id) "
        "AND NOT EXISTS (SELECT 1 FROM signatory s WHERE s.organisation_id = o.id AND s.contract_id = o.contract_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table('signatory') as batch_op:
        batch_op.add_column(sa.Column('tier', listed(TIERS, 'tier'), nullable=True))
    with op.batch_alter_table('commitment') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('status', listed(STATES, 'signatorystatus'), nullable=True))
        batch_op.add_column(sa.Column('figures_status', sa.String(20), nullable=True))
    of = 'SELECT {} FROM signatory WHERE signatory.id = commitment.signatory_id'
    op.execute(
        f"UPDATE commitment SET organisation_id = ({of.format('organisation_id')}), status = ({of.format('status')}), "
        'text = substr(text, 1, 300)'
    )
    with op.batch_alter_table('commitment') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_commitment_tier'), type_='check')
        for column, table in (('signatory_id', 'signatory'), ('sector_id', 'sector')):
            batch_op.drop_constraint(batch_op.f(f'fk_commitment_{column}_{table}'), type_='foreignkey')
            batch_op.drop_index(batch_op.f(f'ix_commitment_{column}'))
        for name in ('signatory_id', 'tier', 'sector_id', 'may_publish', 'lock'):
            batch_op.drop_column(name)
        batch_op.alter_column('text', new_column_name='title', type_=sa.String(300), existing_type=sa.Text(), existing_nullable=False)
        batch_op.alter_column('organisation_id', nullable=False, existing_type=sa.Integer())
        batch_op.alter_column('status', nullable=False, existing_type=sa.String(32))
        batch_op.create_foreign_key(
            batch_op.f('fk_commitment_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id']
        )
        batch_op.create_index(batch_op.f('ix_commitment_organisation_id'), ['organisation_id'])
    with op.batch_alter_table('event') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_event_signatory_entry_id_signatory_entry'), type_='foreignkey')
        batch_op.drop_column('signatory_entry_id')
    op.drop_column('signatory_entry', 'content')
