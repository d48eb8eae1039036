"""The database: tables, the unit of work, queries per aggregate, migrations."""
