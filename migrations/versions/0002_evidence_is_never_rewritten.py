"""Evidence is never rewritten: the database itself refuses to change or remove revisions and decisions"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVIDENCE = ("revision", "decision")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is evidence and is never rewritten', TG_TABLE_NAME; END $$"
        )
        for table in EVIDENCE:
            op.execute(
                f"CREATE TRIGGER {table}_is_evidence BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
            )
        return
    for table in EVIDENCE:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_is_evidence_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is evidence and is never rewritten'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in EVIDENCE:
            op.execute(f"DROP TRIGGER {table}_is_evidence ON {table}")
        op.execute("DROP FUNCTION refuse_rewriting()")
        return
    for table in EVIDENCE:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_is_evidence_{act}")
