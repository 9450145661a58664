"""Contracts that were written elsewhere wait like sheets"""

from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

KINDS = ['remarks', 'questions', 'signatories']


def allow(values: list[str]) -> None:
    listed = ', '.join(repr(value) for value in values)
    with op.batch_alter_table('sheet') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_sheet_sheetkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_sheet_sheetkind'), f'kind IN ({listed})')


def upgrade() -> None:
    allow([*KINDS, 'texts'])


def downgrade() -> None:
    op.execute("DELETE FROM sheet WHERE kind = 'texts'")
    allow(KINDS)
