"""Sheets of reviewers' questions; a reviewer's reference stands in the register once"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

REFERENCED = "reference <> ''"


def upgrade() -> None:
    with op.batch_alter_table('sheet') as batch_op:
        batch_op.add_column(
            sa.Column('kind', sa.String(32), nullable=False, server_default='remarks')
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_sheet_sheetkind'), "kind IN ('remarks', 'questions')"
        )
    with op.batch_alter_table('sheet') as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(32), server_default=None)
    op.create_index(
        'uq_question_contract_id_body_reference',
        'question',
        ['contract_id', 'body', 'reference'],
        unique=True,
        postgresql_where=sa.text(REFERENCED),
        sqlite_where=sa.text(REFERENCED),
    )


def downgrade() -> None:
    op.drop_index('uq_question_contract_id_body_reference', table_name='question')
    op.execute("DELETE FROM sheet WHERE kind = 'questions'")
    with op.batch_alter_table('sheet') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sheet_sheetkind'), type_='check')
        batch_op.drop_column('kind')
