"""What all tables share: the names of constraints, and how a column of fixed words is written."""

from sqlalchemy import CheckConstraint, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, name: str, *values: str) -> CheckConstraint:
    """The column holds one of these words."""
    return CheckConstraint(text(f"{column} IN ({', '.join(repr(value) for value in values)})"), name=name)
