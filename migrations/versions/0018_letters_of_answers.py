"""A document may be the letter of answers that went out with an addendum"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('document') as batch_op:
        batch_op.add_column(sa.Column('addendum_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_document_addendum_id_manifest'), 'manifest', ['addendum_id'], ['id']
        )


def downgrade() -> None:
    letters = '(SELECT id FROM document WHERE addendum_id IS NOT NULL)'
    events = f'(SELECT id FROM event WHERE document_id IN {letters})'
    op.execute(f'DELETE FROM notification WHERE event_id IN {events}')
    op.execute(f'DELETE FROM event WHERE document_id IN {letters}')
    op.execute('DELETE FROM document WHERE addendum_id IS NOT NULL')
    with op.batch_alter_table('document') as batch_op:
        batch_op.drop_constraint(
            batch_op.f('fk_document_addendum_id_manifest'), type_='foreignkey'
        )
        batch_op.drop_column('addendum_id')
