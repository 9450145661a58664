"""Documents as web pages"""

from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    allow(('pdf', 'docx', 'html', 'markdown'))


def downgrade() -> None:
    op.execute("UPDATE document SET state = 'cancelled', file_key = NULL, format = 'pdf' WHERE format = 'html'")
    allow(('pdf', 'docx', 'markdown'))


def allow(words: tuple[str, ...]) -> None:
    listed = ', '.join(f"'{word}'" for word in words)
    with op.batch_alter_table('document') as batch:
        batch.drop_constraint(batch.f('ck_document_fileformat'), type_='check')
        batch.create_check_constraint(batch.f('ck_document_fileformat'), f'format IN ({listed})')
