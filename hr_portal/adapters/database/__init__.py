"""The database: typed models, engines for SQLite and PostgreSQL, migrations, queries."""
