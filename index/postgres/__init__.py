"""The index in PostgreSQL, for several app servers and workers. It needs the extra `postgres`."""
