#!/bin/sh
# Make the role that only reads: it sees the tables of the index, now and later, and can change nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$READER_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS footnote;
CREATE ROLE reader LOGIN PASSWORD :'password' CONNECTION LIMIT 64;
GRANT USAGE ON SCHEMA footnote TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA footnote TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA footnote GRANT SELECT ON TABLES TO reader;
SQL
