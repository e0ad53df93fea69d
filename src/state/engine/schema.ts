/** Marks a SQLite file as ours: 'MAIO' in ASCII. */
export const APPLICATION_ID = 0x4d41494f;

/** One script per schema version, oldest first. A released script never changes; a change of the schema is a new script. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE kv (namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (namespace, key)) STRICT, WITHOUT ROWID;

CREATE TABLE events (seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL, task TEXT NOT NULL, model TEXT NOT NULL,
  quality REAL NOT NULL, seconds REAL NOT NULL, score REAL NOT NULL, at INTEGER NOT NULL,
  UNIQUE (request_id, task, model)) STRICT;
CREATE TABLE learned (task TEXT NOT NULL, model TEXT NOT NULL, answers INTEGER NOT NULL, quality_sum REAL NOT NULL,
  quality_squares REAL NOT NULL, seconds_sum REAL NOT NULL, score_sum REAL NOT NULL, ratings INTEGER NOT NULL,
  rating_sum INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (task, model)) STRICT, WITHOUT ROWID;
CREATE TABLE answers (seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, task TEXT NOT NULL, model TEXT NOT NULL,
  key_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE votes (seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL, key_id TEXT NOT NULL, rating INTEGER NOT NULL,
  comment TEXT, at INTEGER NOT NULL, UNIQUE (request_id, key_id)) STRICT;
CREATE TABLE ratings (seq INTEGER PRIMARY KEY, task TEXT NOT NULL, model TEXT NOT NULL, rating INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX ratings_by_task ON ratings (task, seq);

CREATE TABLE keys (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL UNIQUE, record TEXT NOT NULL, revoked_at INTEGER) STRICT;
CREATE TABLE tokens (key_id TEXT NOT NULL, period TEXT NOT NULL, spent INTEGER NOT NULL, PRIMARY KEY (key_id, period)) STRICT, WITHOUT ROWID;

CREATE TABLE files (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, filename TEXT NOT NULL, purpose TEXT NOT NULL,
  bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER) STRICT;
CREATE INDEX files_by_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE batches (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL,
  total INTEGER NOT NULL DEFAULT 0, completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE batch_lines (batch_id TEXT NOT NULL, line INTEGER NOT NULL, custom_id TEXT NOT NULL, position INTEGER NOT NULL,
  length INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'open', lease_until INTEGER NOT NULL DEFAULT 0, result TEXT,
  PRIMARY KEY (batch_id, line), UNIQUE (batch_id, custom_id)) STRICT;
CREATE INDEX batch_lines_open ON batch_lines (batch_id, line) WHERE state = 'open';

CREATE TABLE responses (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, body TEXT NOT NULL,
  input_items TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
`,
  `
ALTER TABLE ratings ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
CREATE INDEX ratings_by_key ON ratings (task, key_id, seq) WHERE key_id <> '';
`,
];
