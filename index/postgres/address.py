"""Read the address of a PostgreSQL database."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from index.errors import IndexUnusableError

DEFAULT_SCHEMA = "footnote"
MAX_SECONDS = 30  # of a statement that reads
MAX_IDLE_SECONDS = 120  # of a search between two statements
CONNECT_SECONDS = 5
EXPLORED = 200  # nodes of the graph that a vector search explores (hnsw.ef_search)
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database and the schema of its index. `place` names both in messages, without a password."""

    conninfo: str
    schema: str
    place: str

    def conninfo_for(self, *, reading: bool) -> str:
        """Return what to connect with. The address may overrule the limits with its own `options`."""
        settings = {"search_path": f"{self.schema},public,extensions"}
        if reading:
            settings |= {
                "default_transaction_read_only": "on",
                "statement_timeout": f"{MAX_SECONDS}s",
                "idle_in_transaction_session_timeout": f"{MAX_IDLE_SECONDS}s",
                "plan_cache_mode": "force_custom_plan",  # a generic plan may scan all vectors
                "max_parallel_workers_per_gather": "0",  # the other searches need the processors
                "hnsw.ef_search": str(EXPLORED),
                "hnsw.iterative_scan": "strict_order",
            }
        else:
            # A statement of a build may take hours. The server notices soon if the build, or its machine, has ended.
            settings |= {
                "statement_timeout": "0",
                "client_connection_check_interval": "2s",
                "tcp_keepalives_idle": "30",
                "tcp_keepalives_interval": "10",
                "tcp_keepalives_count": "3",
            }
        given = str(conninfo_to_dict(self.conninfo).get("options") or "")
        options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), given]).strip()
        timeout = {} if "connect_timeout" in conninfo_to_dict(self.conninfo) else {"connect_timeout": CONNECT_SECONDS}
        return make_conninfo(self.conninfo, options=options, **timeout)


def read_address(url: str) -> Address:
    """Read an address such as `postgresql://user@host:5432/database?schema=team&sslmode=verify-full`.

    `schema` is Footnote's own parameter; all others are libpq's.

    Raises:
        IndexUnusableError: it is not such an address.

    >>> address = read_address("postgresql://ada:secret@db.example/docs?schema=team&sslmode=require")
    >>> address.place, address.schema, "sslmode=require" in address.conninfo
    ('postgresql://db.example/docs?schema=team', 'team', True)
    """
    try:
        parts = urlsplit(url)
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        schema = parameters.pop("schema", DEFAULT_SCHEMA)
        conninfo = make_conninfo(parts._replace(query=urlencode(parameters, quote_via=quote)).geturl())
    except (ValueError, psycopg.ProgrammingError) as error:
        raise IndexUnusableError(
            "The address of the index cannot be read: give it as postgresql://user@host:5432/database."
        ) from error
    if not _SCHEMA.fullmatch(schema):
        raise IndexUnusableError(f"{schema[:60]} is no name of a schema: use lower-case letters, digits and _.")
    hosts = [part.rpartition("@")[2] for part in parts.netloc.split(",")] if parts.netloc else ["localhost"]
    shown = f"postgresql://{','.join(hosts)}{parts.path}" + (f"?schema={schema}" if schema != DEFAULT_SCHEMA else "")
    return Address(conninfo=conninfo, schema=schema, place=shown)
