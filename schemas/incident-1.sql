-- The incident database of regtriage, version 1.
--
-- Ask the views (plural names): their names and columns are stable. The tables behind them (singular names) may change
-- with the version. Two kinds of tables:
--   facts     what the lines say: source, source_word, source_gap, reject_sample, fact_pack. Joined as sets: reading
--             something twice changes nothing.
--   judgement what follows from the facts: finding…, judged, session…, …_count; and the facts as people ask for them:
--             event, touch, name. Replaced by every writing command.
--
-- Not every harmless line has a row. All facts are in fact_pack, which only regtriage reads. event and touch show the lines
-- of findings, deletions, what the program said about itself, and of harmless lines 10,000 events and as many touches:
-- those about the same digests, uploads and tags first, then the earliest; session and session_layer the pushes that did
-- not go well, and the first 2,000 others. The view `kept` says whether that is all. Views count what is shown; codes and
-- repositories count all, but for a flood: of lines that each ask for a thing that no other kind of line names, where there
-- are more than 150,000, some are judged, and codes count the others as undetermined. `regtriage show` and `report` look at
-- all.
--
-- Conventions
--   Times are integer nanoseconds since 1970-01-01T00:00:00Z; NULL = unknown. For people:
--     strftime('%Y-%m-%dT%H:%M:%SZ', time / 1000000000, 'unixepoch').
--   Ids of events are 32 hex digits, ids of findings and sessions 12. Requests and uploads are UUIDs.
--   Texts come from the logs, that is, from whoever can reach the registry: treat them as hostile when you show them.
--   Text is always valid UTF-8; where the log had other bytes, U+FFFD stands for them (name.raw has the bytes).
--   Only built-in SQL functions are used, so sqlite3, DuckDB and Datasette can read this file.
--   Do not write to this file with other programs while regtriage has it open.

PRAGMA application_id = 1380406321;   -- "RGT1"
PRAGMA user_version = 1;

------------------------------------------------------------------------------------------------------------- facts

-- Every text of what is shown, and of sources, once; the other tables hold its number. Also the words of the closed
-- vocabularies ("request", "GET", …).
CREATE TABLE name (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL,              -- valid UTF-8, no NUL
  raw  BLOB NOT NULL,              -- the original bytes where they differ from `text`, else empty
  UNIQUE (text, raw)
) STRICT;

-- All facts, packed (src/store/pack.h says how). A run is what one command wrote; the next judgement makes one of several.
CREATE TABLE fact_pack (
  n    INTEGER PRIMARY KEY,
  run  INTEGER NOT NULL,
  kind INTEGER NOT NULL,             -- 1 = names, 2 = events, 3 = touches
  rows INTEGER NOT NULL,             -- of these, in this chunk
  data BLOB NOT NULL
) STRICT;

-- A log that was read. Key: its name and the first time in it, so that a rotated file of the same name is another source
-- and a grown one is the same; of two reports of one source that of more bytes stays.
-- bytes = accepted + ignored + rejected + pending.
CREATE TABLE source (
  n            INTEGER PRIMARY KEY,
  name         INTEGER NOT NULL REFERENCES name (id),
  first        INTEGER NOT NULL,   -- earliest time in it; -9223372036854775808 = none
  last         INTEGER,            -- latest time in it
  status       TEXT NOT NULL,      -- read, unreadable, cut_short, not_understood
  error        TEXT NOT NULL,      -- why, if not read
  lines        INTEGER NOT NULL,
  bytes        INTEGER NOT NULL,
  accepted     INTEGER NOT NULL,   -- bytes of understood lines
  ignored      INTEGER NOT NULL,   -- bytes of lines that are no log records (blank ones)
  rejected     INTEGER NOT NULL,   -- bytes of lines not understood
  pending      INTEGER NOT NULL,   -- bytes of a last line without its end
  level        TEXT NOT NULL,      -- the most talkative level met ('info' means: debug lines were not logged)
  year         INTEGER NOT NULL,   -- assumed year; 0 = its lines say it
  zone_assumed INTEGER NOT NULL,   -- 1 = its times have no zone
  clock_offset_ms INTEGER,         -- judgement: how far its clock or zone is ahead of the registry's; NULL = not known
  UNIQUE (name, first)
) STRICT;

-- Lists of a source.
CREATE TABLE source_word (
  source INTEGER NOT NULL REFERENCES source (n),
  kind   TEXT NOT NULL,            -- format, envelope, instance, reject
  word   TEXT NOT NULL,            -- a format, an envelope, an instance, a reason
  lines  INTEGER NOT NULL,         -- lines of that format or with that reason; 0 for the others
  PRIMARY KEY (source, kind, word)
) STRICT, WITHOUT ROWID;

-- Stretches without lines that are far longer than the source's own rhythm.
CREATE TABLE source_gap (
  source INTEGER NOT NULL REFERENCES source (n),
  first  INTEGER NOT NULL,         -- the last line before it
  last   INTEGER NOT NULL,         -- the first line behind it
  PRIMARY KEY (source, first)
) STRICT, WITHOUT ROWID;

-- The first lines that were not understood, redacted and cut.
CREATE TABLE reject_sample (
  source INTEGER NOT NULL REFERENCES source (n),
  offset INTEGER NOT NULL,
  line   INTEGER NOT NULL,
  reason TEXT NOT NULL,
  head   TEXT NOT NULL,
  PRIMARY KEY (source, offset, line)
) STRICT, WITHOUT ROWID;

-- Files read to their end, so that the next run may skip them. Saves time only.
CREATE TABLE watermark (
  path        TEXT PRIMARY KEY,
  size        INTEGER NOT NULL,
  fingerprint TEXT NOT NULL        -- hash of the head, the rules and the options it was read with
) STRICT, WITHOUT ROWID;

-- judged_with: version of the rules behind the judgement; stale: '1' while facts are newer than the judgement; lines,
-- lines_shown, sessions: of view kept.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

--------------------------------------------------------------------------------------------------------- judgement

-- One cause for one group of errors and silent successes.
CREATE TABLE finding (
  n          INTEGER PRIMARY KEY,  -- order in reports: by severity, time, id
  id         TEXT NOT NULL UNIQUE,
  cause      TEXT NOT NULL, class TEXT NOT NULL, verdict TEXT NOT NULL, confidence TEXT NOT NULL,
  severity   TEXT NOT NULL, state TEXT NOT NULL,
  title      TEXT NOT NULL, summary TEXT NOT NULL,
  first      INTEGER, last INTEGER,
  lines      INTEGER NOT NULL,     -- error and silent lines
  requests   INTEGER NOT NULL      -- requests behind them
) STRICT;

CREATE TABLE finding_subject (
  finding INTEGER NOT NULL REFERENCES finding (n),
  kind    TEXT NOT NULL,           -- repository, tag, digest, upload, session, client, instance
  subject TEXT NOT NULL,
  PRIMARY KEY (subject, kind, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_subject_finding ON finding_subject (finding);

CREATE TABLE finding_note (
  finding INTEGER NOT NULL REFERENCES finding (n),
  kind    TEXT NOT NULL,           -- do, do_not, confirm, missing, replaces
  n       INTEGER NOT NULL,
  text    TEXT NOT NULL,
  PRIMARY KEY (finding, kind, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_score (
  finding INTEGER NOT NULL REFERENCES finding (n),
  n       INTEGER NOT NULL,
  piece   TEXT NOT NULL, sign TEXT NOT NULL, weight INTEGER NOT NULL,
  events  TEXT NOT NULL,           -- ids, separated by blanks
  PRIMARY KEY (finding, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_alternative (
  finding INTEGER NOT NULL REFERENCES finding (n),
  n       INTEGER NOT NULL,
  cause   TEXT NOT NULL, confidence TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (finding, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_evidence (
  finding INTEGER NOT NULL REFERENCES finding (n),
  n       INTEGER NOT NULL,
  event   TEXT NOT NULL, role TEXT NOT NULL, why TEXT NOT NULL, text TEXT NOT NULL,
  time    INTEGER, source INTEGER, line INTEGER, offset INTEGER,
  PRIMARY KEY (finding, n)
) STRICT, WITHOUT ROWID;

-- What one line means for the registry, joined with the lines of the same request: every error, every change, every
-- success that stored or sent nothing, and what the program says about itself; of harmless ones see above. Numbers of
-- names are NULL where the line does not say.
CREATE TABLE event (
  n             INTEGER PRIMARY KEY,
  id            TEXT NOT NULL,          -- 32 hex digits: hash of the line's content
  kind          INTEGER NOT NULL,       -- name: request, digest_mismatch, start, gc_delete_blob, …
  time          INTEGER,                -- as judged: a front's clock is corrected
  order_ns      INTEGER NOT NULL,       -- order of lines within one printed time (a hint)
  source        INTEGER,                -- source: where it was seen (the smallest position)
  line          INTEGER,                -- from 1
  offset        INTEGER,                -- of the line's first byte, after decompression
  origin        INTEGER NOT NULL,       -- name: app, access, proxy, event, output
  level         INTEGER,                -- name: error, info, …
  method        INTEGER,                -- name: GET, HEAD, …
  route         INTEGER,                -- name: manifest, blob, upload, …
  code          INTEGER,                -- name: BLOB_UNKNOWN, …
  code_inferred INTEGER NOT NULL,       -- 1 = from method, path and status
  status        INTEGER,                -- HTTP status
  written       INTEGER,                -- bytes sent
  upload_offset INTEGER,                -- bytes that an upload had
  duration_us   INTEGER,
  request_hi    INTEGER,                -- request id, first half
  request_lo    INTEGER,                -- request id, second half
  repository    INTEGER, digest INTEGER, tag INTEGER, upload INTEGER, client INTEGER, agent INTEGER,
  user          INTEGER, instance INTEGER,
  mounted_from  INTEGER,                -- repository that a mount takes from
  manifest      INTEGER,                -- the manifest asked for, where `digest` is a child that it misses
  detail        INTEGER,                -- the message's own detail, redacted
  rule          INTEGER,                -- the pattern that recognised the line
  whole_second  INTEGER NOT NULL,       -- 1 = the time has no fraction
  manifest_type INTEGER NOT NULL,       -- 0 = not told, 1 = an image, 2 = an index (a list of manifests)
  untimed       INTEGER NOT NULL        -- 1 = the time was lent by a neighbour line
) STRICT;
CREATE INDEX event_time ON event (time);
CREATE INDEX event_digest ON event (digest) WHERE digest IS NOT NULL;
CREATE INDEX event_repository ON event (repository, tag) WHERE repository IS NOT NULL;
CREATE INDEX event_upload ON event (upload) WHERE upload IS NOT NULL;

-- Many harmless successes of one kind within one hour, folded: the first and the last of them. 0 = no name.
CREATE TABLE touch (
  n            INTEGER PRIMARY KEY,
  repository   INTEGER NOT NULL, digest INTEGER NOT NULL, tag INTEGER NOT NULL,
  client       INTEGER NOT NULL, agent INTEGER NOT NULL, instance INTEGER NOT NULL,
  method       INTEGER NOT NULL, route INTEGER NOT NULL, origin INTEGER NOT NULL,
  whole_second INTEGER NOT NULL,
  status       INTEGER NOT NULL,        -- -1 = unknown
  hour         INTEGER NOT NULL,        -- hours since 1970
  written      INTEGER NOT NULL,        -- bytes; -1 = unknown
  manifest_type INTEGER NOT NULL,       -- as in event
  first_id     TEXT NOT NULL,           -- event id of the earliest, by (time, id)
  first_time   INTEGER, first_order INTEGER NOT NULL,
  first_source INTEGER, first_line INTEGER, first_offset INTEGER,
  first_request_hi INTEGER, first_request_lo INTEGER,
  last_id      TEXT,                    -- of the latest; NULL = seen once
  last_time    INTEGER, last_order INTEGER,
  last_source  INTEGER, last_line INTEGER, last_offset INTEGER,
  last_request_hi INTEGER, last_request_lo INTEGER
) STRICT;
CREATE INDEX touch_digest ON touch (digest);

-- The verdict on an error line or a silent line that is shown. A positive `ref` is event.n; -2*touch.n is the first and
-- -2*touch.n-1 the last sighting of a touch.
CREATE TABLE judged (
  ref     INTEGER PRIMARY KEY,
  verdict INTEGER NOT NULL,        -- name
  cause   INTEGER NOT NULL,        -- name
  finding INTEGER,                 -- finding.n
  proof   TEXT                     -- id of the event that proves noise, shown or not
) STRICT;
CREATE INDEX judged_finding ON judged (finding) WHERE finding IS NOT NULL;

CREATE TABLE session (
  n          INTEGER PRIMARY KEY,
  id         TEXT NOT NULL,
  repository TEXT NOT NULL, client TEXT NOT NULL, agent TEXT NOT NULL, user TEXT NOT NULL,
  tag        TEXT NOT NULL, manifest TEXT NOT NULL,
  first      INTEGER, last INTEGER,
  result     TEXT NOT NULL,        -- open, complete, failed, abandoned
  instances  TEXT NOT NULL         -- separated by blanks
) STRICT;
CREATE INDEX session_id ON session (id);
CREATE INDEX session_repository ON session (repository, tag);
CREATE INDEX session_manifest ON session (manifest);

CREATE TABLE session_layer (
  session INTEGER NOT NULL REFERENCES session (n),
  n       INTEGER NOT NULL,
  digest  TEXT NOT NULL, status TEXT NOT NULL, upload TEXT NOT NULL,
  PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_layer_digest ON session_layer (digest);
CREATE INDEX session_layer_upload ON session_layer (upload) WHERE upload <> '';

CREATE TABLE code_count (
  code  TEXT PRIMARY KEY,
  noise INTEGER NOT NULL, client INTEGER NOT NULL, fault INTEGER NOT NULL, loss INTEGER NOT NULL,
  undetermined INTEGER NOT NULL,
  exact INTEGER NOT NULL           -- 0 = some were inferred from access lines, where equal ones count once
) STRICT, WITHOUT ROWID;

-- Of all lines, shown or not.
CREATE TABLE repository_count (
  repository TEXT PRIMARY KEY,
  first INTEGER, last INTEGER,
  lines INTEGER NOT NULL, errors INTEGER NOT NULL,
  noise INTEGER NOT NULL, client INTEGER NOT NULL, fault INTEGER NOT NULL, loss INTEGER NOT NULL,
  undetermined INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------------------------------------- views

-- findings: what was found, worst first (order by n).
--   id, cause, class, verdict, confidence, severity, state   words of the report
--   title, summary    one line; one paragraph
--   first, last       times of the first and the last line
--   lines, requests   error and silent lines; requests behind them
--   do, do_not, confirm, missing, replaces   one per line of text
CREATE VIEW findings AS
SELECT n, id, cause, class, verdict, confidence, severity, state, title, summary, first, last, lines, requests,
  (SELECT group_concat(text, char(10)) FROM
    (SELECT text FROM finding_note o WHERE o.finding = f.n AND o.kind = 'do' ORDER BY o.n)) AS "do",
  (SELECT group_concat(text, char(10)) FROM
    (SELECT text FROM finding_note o WHERE o.finding = f.n AND o.kind = 'do_not' ORDER BY o.n)) AS do_not,
  (SELECT group_concat(text, char(10)) FROM
    (SELECT text FROM finding_note o WHERE o.finding = f.n AND o.kind = 'confirm' ORDER BY o.n)) AS confirm,
  (SELECT group_concat(text, char(10)) FROM
    (SELECT text FROM finding_note o WHERE o.finding = f.n AND o.kind = 'missing' ORDER BY o.n)) AS missing,
  (SELECT group_concat(text, ' ') FROM
    (SELECT text FROM finding_note o WHERE o.finding = f.n AND o.kind = 'replaces' ORDER BY o.n)) AS replaces
FROM finding f;

-- finding_subjects: what a finding is about.
--   finding   id of the finding
--   kind      repository, tag, digest, upload, session, client, instance
--   subject   the repository's name, the digest, …
CREATE VIEW finding_subjects AS
SELECT f.id AS finding, s.kind AS kind, s.subject AS subject
FROM finding_subject s JOIN finding f ON f.n = s.finding;

-- evidence: the lines that a finding rests on, in order of time (order by n).
--   finding, n             id of the finding; order within it
--   event                  id of the event
--   role                   error, silent, proof, context, against
--   why                    what this line shows
--   source, line, offset   where it stands
--   time, text             when; the event in one line
CREATE VIEW evidence AS
SELECT f.id AS finding, e.n AS n, e.event AS event, e.role AS role, e.why AS why, s.text AS source, e.line AS line,
  e.offset AS offset, e.time AS time, e.text AS text
FROM finding_evidence e JOIN finding f ON f.n = e.finding
  LEFT JOIN source o ON o.n = e.source LEFT JOIN name s ON s.id = o.name;

-- scores: how a finding's confidence came about.
--   finding, n, piece   id of the finding; order; a sentence
--   sign, weight        for, against, missing; points
--   events              ids, separated by blanks
CREATE VIEW scores AS
SELECT f.id AS finding, s.n AS n, s.piece AS piece, s.sign AS sign, s.weight AS weight, s.events AS events
FROM finding_score s JOIN finding f ON f.n = s.finding;

-- alternatives: causes that the lines do not exclude.
--   finding, n, cause, confidence, why
CREATE VIEW alternatives AS
SELECT f.id AS finding, a.n AS n, a.cause AS cause, a.confidence AS confidence, a.why AS why
FROM finding_alternative a JOIN finding f ON f.n = a.finding;

-- codes: error lines of the registry by code and verdict.
--   code, total, noise, client, fault, loss, undetermined
--   exact   0 = at least so many
CREATE VIEW codes AS
SELECT code, noise + client + fault + loss + undetermined AS total, noise, client, fault, loss, undetermined, exact
FROM code_count;

-- errors: one row for each error line and each silent line that is shown: all but the harmless ones of a flood.
--   event, time, source, line, offset   the line
--   kind, origin, level, method, route, path, status, code, written   what it says
--   repository, digest, tag, upload, request, client, agent, user, instance, manifest, detail   whom and what
--                    it concerns (manifest: the one asked for, where `digest` is a child that it misses)
--   verdict, cause   noise, client, fault, loss, undetermined; and why
--   finding          id of its finding, NULL for noise
--   proof            id of the event that proves noise
CREATE VIEW errors AS
SELECT e.id AS event, e.time AS time, sn.text AS source, e.line AS line, e.offset AS offset,
  k.text AS kind, og.text AS origin, lv.text AS level, m.text AS method, rt.text AS route,
  CASE rt.text WHEN 'manifest' THEN '/v2/' || r.text || '/manifests/' || coalesce(t.text, mf.text, d.text)
    WHEN 'blob' THEN '/v2/' || r.text || '/blobs/' || d.text
    WHEN 'uploads' THEN '/v2/' || r.text || '/blobs/uploads/'
    WHEN 'upload' THEN '/v2/' || r.text || '/blobs/uploads/' || u.text
    WHEN 'tags' THEN '/v2/' || r.text || '/tags/list'
    WHEN 'referrers' THEN '/v2/' || r.text || '/referrers/' || d.text
    WHEN 'catalog' THEN '/v2/_catalog' WHEN 'ping' THEN '/v2/' END AS path,
  e.status AS status, c.text AS code, e.written AS written,
  r.text AS repository, d.text AS digest, t.text AS tag, u.text AS upload,
  CASE WHEN coalesce(e.request_hi, e.request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.request_hi), 1, 8) || '-' || substr(printf('%016x', e.request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.request_hi), 13, 4) || '-' || substr(printf('%016x', e.request_lo), 1, 4) || '-' ||
    substr(printf('%016x', e.request_lo), 5) END AS request,
  cl.text AS client, ag.text AS agent, us.text AS user, i.text AS instance, mf.text AS manifest, dt.text AS detail,
  v.text AS verdict, ca.text AS cause, f.id AS finding, j.proof AS proof
FROM event e JOIN judged j ON j.ref = e.n
  LEFT JOIN source so ON so.n = e.source LEFT JOIN name sn ON sn.id = so.name
  LEFT JOIN name k ON k.id = e.kind LEFT JOIN name og ON og.id = e.origin LEFT JOIN name lv ON lv.id = e.level
  LEFT JOIN name m ON m.id = e.method LEFT JOIN name rt ON rt.id = e.route LEFT JOIN name c ON c.id = e.code
  LEFT JOIN name r ON r.id = e.repository LEFT JOIN name d ON d.id = e.digest LEFT JOIN name t ON t.id = e.tag
  LEFT JOIN name u ON u.id = e.upload LEFT JOIN name cl ON cl.id = e.client LEFT JOIN name ag ON ag.id = e.agent
  LEFT JOIN name us ON us.id = e.user LEFT JOIN name i ON i.id = e.instance LEFT JOIN name mf ON mf.id = e.manifest
  LEFT JOIN name dt ON dt.id = e.detail
  LEFT JOIN name v ON v.id = j.verdict LEFT JOIN name ca ON ca.id = j.cause LEFT JOIN finding f ON f.n = j.finding
UNION ALL
SELECT CASE j.ref % 2 WHEN 0 THEN e.first_id ELSE coalesce(e.last_id, e.first_id) END,
  CASE WHEN j.ref % 2 = 0 OR e.last_id IS NULL THEN e.first_time ELSE e.last_time END, sn.text,
  CASE WHEN j.ref % 2 = 0 OR e.last_id IS NULL THEN e.first_line ELSE e.last_line END,
  CASE WHEN j.ref % 2 = 0 OR e.last_id IS NULL THEN e.first_offset ELSE e.last_offset END,
  'request', og.text, NULL, m.text, rt.text,
  CASE rt.text WHEN 'manifest' THEN '/v2/' || r.text || '/manifests/' || coalesce(t.text, d.text)
    WHEN 'blob' THEN '/v2/' || r.text || '/blobs/' || d.text
    WHEN 'uploads' THEN '/v2/' || r.text || '/blobs/uploads/'
    WHEN 'tags' THEN '/v2/' || r.text || '/tags/list'
    WHEN 'referrers' THEN '/v2/' || r.text || '/referrers/' || d.text
    WHEN 'catalog' THEN '/v2/_catalog' WHEN 'ping' THEN '/v2/' END,
  nullif(e.status, -1), NULL, nullif(e.written, -1),
  r.text, d.text, t.text, NULL,
  CASE WHEN j.ref % 2 = 0 OR e.last_id IS NULL THEN
    CASE WHEN coalesce(e.first_request_hi, e.first_request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.first_request_hi), 1, 8) || '-' || substr(printf('%016x', e.first_request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.first_request_hi), 13, 4) || '-' || substr(printf('%016x', e.first_request_lo), 1, 4) ||
    '-' || substr(printf('%016x', e.first_request_lo), 5) END
  ELSE
    CASE WHEN coalesce(e.last_request_hi, e.last_request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.last_request_hi), 1, 8) || '-' || substr(printf('%016x', e.last_request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.last_request_hi), 13, 4) || '-' || substr(printf('%016x', e.last_request_lo), 1, 4) ||
    '-' || substr(printf('%016x', e.last_request_lo), 5) END END,
  cl.text, ag.text, NULL, i.text, NULL, NULL,
  v.text, ca.text, f.id, j.proof
FROM touch e JOIN judged j ON j.ref IN (-2 * e.n, -2 * e.n - 1) AND e.n = -j.ref / 2
  LEFT JOIN source so ON so.n = CASE WHEN j.ref % 2 = 0 OR e.last_id IS NULL THEN e.first_source ELSE e.last_source END
  LEFT JOIN name sn ON sn.id = so.name
  LEFT JOIN name og ON og.id = e.origin LEFT JOIN name m ON m.id = e.method LEFT JOIN name rt ON rt.id = e.route
  LEFT JOIN name r ON r.id = e.repository LEFT JOIN name d ON d.id = e.digest LEFT JOIN name t ON t.id = e.tag
  LEFT JOIN name cl ON cl.id = e.client LEFT JOIN name ag ON ag.id = e.agent LEFT JOIN name i ON i.id = e.instance
  LEFT JOIN name v ON v.id = j.verdict LEFT JOIN name ca ON ca.id = j.cause LEFT JOIN finding f ON f.n = j.finding;

-- timeline: every line that is shown, for one thing or all (add WHERE and ORDER BY time). Of folded successes the first
-- and the last of an hour.
--   event, time, source, line   the line
--   kind, origin, level, method, route, status, code, written   what it says
--   repository, digest, tag, upload, request, client, agent, user, instance, manifest, detail   whom and what
--                    it concerns (manifest: the one asked for, where `digest` is a child that it misses)
--   folded   0 = a line by itself; 1 = first or last of several like it
CREATE VIEW timeline AS
SELECT e.id AS event, e.time AS time, sn.text AS source, e.line AS line,
  k.text AS kind, og.text AS origin, lv.text AS level, m.text AS method, rt.text AS route, e.status AS status,
  c.text AS code, e.written AS written, r.text AS repository, d.text AS digest, t.text AS tag, u.text AS upload,
  CASE WHEN coalesce(e.request_hi, e.request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.request_hi), 1, 8) || '-' || substr(printf('%016x', e.request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.request_hi), 13, 4) || '-' || substr(printf('%016x', e.request_lo), 1, 4) || '-' ||
    substr(printf('%016x', e.request_lo), 5) END AS request,
  cl.text AS client, ag.text AS agent, us.text AS user, i.text AS instance,
  mf.text AS manifest, dt.text AS detail, 0 AS folded
FROM event e
  LEFT JOIN source so ON so.n = e.source LEFT JOIN name sn ON sn.id = so.name
  LEFT JOIN name k ON k.id = e.kind LEFT JOIN name og ON og.id = e.origin LEFT JOIN name lv ON lv.id = e.level
  LEFT JOIN name m ON m.id = e.method LEFT JOIN name rt ON rt.id = e.route LEFT JOIN name c ON c.id = e.code
  LEFT JOIN name r ON r.id = e.repository LEFT JOIN name d ON d.id = e.digest LEFT JOIN name t ON t.id = e.tag
  LEFT JOIN name u ON u.id = e.upload LEFT JOIN name cl ON cl.id = e.client LEFT JOIN name ag ON ag.id = e.agent
  LEFT JOIN name us ON us.id = e.user LEFT JOIN name i ON i.id = e.instance LEFT JOIN name mf ON mf.id = e.manifest
  LEFT JOIN name dt ON dt.id = e.detail
UNION ALL
SELECT e.first_id, e.first_time, sn.text, e.first_line,
  'request', og.text, NULL, m.text, rt.text, nullif(e.status, -1),
  NULL, nullif(e.written, -1), r.text, d.text, t.text, NULL,
  CASE WHEN coalesce(e.first_request_hi, e.first_request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.first_request_hi), 1, 8) || '-' || substr(printf('%016x', e.first_request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.first_request_hi), 13, 4) || '-' || substr(printf('%016x', e.first_request_lo), 1, 4) ||
    '-' || substr(printf('%016x', e.first_request_lo), 5) END,
  cl.text, ag.text, NULL, i.text, NULL, NULL, e.last_id IS NOT NULL
FROM touch e
  LEFT JOIN source so ON so.n = e.first_source LEFT JOIN name sn ON sn.id = so.name
  LEFT JOIN name og ON og.id = e.origin LEFT JOIN name m ON m.id = e.method LEFT JOIN name rt ON rt.id = e.route
  LEFT JOIN name r ON r.id = e.repository LEFT JOIN name d ON d.id = e.digest LEFT JOIN name t ON t.id = e.tag
  LEFT JOIN name cl ON cl.id = e.client LEFT JOIN name ag ON ag.id = e.agent LEFT JOIN name i ON i.id = e.instance
UNION ALL
SELECT e.last_id, e.last_time, sn.text, e.last_line,
  'request', og.text, NULL, m.text, rt.text, nullif(e.status, -1),
  NULL, nullif(e.written, -1), r.text, d.text, t.text, NULL,
  CASE WHEN coalesce(e.last_request_hi, e.last_request_lo) IS NOT NULL THEN
    substr(printf('%016x', e.last_request_hi), 1, 8) || '-' || substr(printf('%016x', e.last_request_hi), 9, 4) || '-' ||
    substr(printf('%016x', e.last_request_hi), 13, 4) || '-' || substr(printf('%016x', e.last_request_lo), 1, 4) ||
    '-' || substr(printf('%016x', e.last_request_lo), 5) END,
  cl.text, ag.text, NULL, i.text, NULL, NULL, 1
FROM touch e
  LEFT JOIN source so ON so.n = e.last_source LEFT JOIN name sn ON sn.id = so.name
  LEFT JOIN name og ON og.id = e.origin LEFT JOIN name m ON m.id = e.method LEFT JOIN name rt ON rt.id = e.route
  LEFT JOIN name r ON r.id = e.repository LEFT JOIN name d ON d.id = e.digest LEFT JOIN name t ON t.id = e.tag
  LEFT JOIN name cl ON cl.id = e.client LEFT JOIN name ag ON ag.id = e.agent LEFT JOIN name i ON i.id = e.instance
WHERE e.last_id IS NOT NULL;

-- requests: the lines of the timeline that answer a request. A request told by an application and an access line that
-- share no id stands twice; `origin` tells them apart.
--   columns as in timeline, without kind, manifest and detail
CREATE VIEW requests AS
SELECT event, time, source, line, origin, method, route, status, code, written, repository, digest, tag, upload,
  request, client, agent, user, instance, folded
FROM timeline WHERE kind = 'request';

-- sessions: pushes that are shown, one by one client each.
--   id, repository, client, agent, user, tag, manifest (digest; empty if unknown)
--   first, last   its window
--   result        open (at the end of the log), complete, failed, abandoned
--   instances     of the registry, separated by blanks
--   layers, failed_layers   how many
CREATE VIEW sessions AS
SELECT id, repository, client, agent, user, tag, manifest, first, last, result, instances,
  (SELECT count(*) FROM session_layer l WHERE l.session = s.n) AS layers,
  (SELECT count(*) FROM session_layer l WHERE l.session = s.n AND l.status = 'failed') AS failed_layers
FROM session s;

-- layers: the blobs of each push.
--   session, n   id of the session, order
--   repository, digest, status (uploaded, mounted, skipped, failed, open), upload
CREATE VIEW layers AS
SELECT s.id AS session, l.n AS n, s.repository AS repository, l.digest AS digest, l.status AS status, l.upload AS upload
FROM session_layer l JOIN session s ON s.n = l.session;

-- uploads: blob uploads of which a line was kept or which a push is known to have made.
--   upload       UUID
--   repository, client, digest, status (as in layers; NULL = unknown), session
--   first, last, lines   of its kept lines; NULL, NULL, 0 if all were good steps and folded
--   received     bytes at the last known offset
CREATE VIEW uploads AS
SELECT l.upload AS upload, s.repository AS repository, s.client AS client, l.digest AS digest, l.status AS status,
  s.id AS session,
  (SELECT min(e.time) FROM name u JOIN event e ON e.upload = u.id WHERE u.text = l.upload) AS first,
  (SELECT max(e.time) FROM name u JOIN event e ON e.upload = u.id WHERE u.text = l.upload) AS last,
  (SELECT count(*) FROM name u JOIN event e ON e.upload = u.id WHERE u.text = l.upload) AS lines,
  (SELECT max(e.upload_offset) FROM name u JOIN event e ON e.upload = u.id WHERE u.text = l.upload) AS received
FROM session_layer l JOIN session s ON s.n = l.session WHERE l.upload <> ''
UNION ALL
SELECT u.text, max(r.text), max(c.text), max(d.text), NULL, NULL, min(e.time), max(e.time), count(*), max(e.upload_offset)
FROM event e JOIN name u ON u.id = e.upload LEFT JOIN name r ON r.id = e.repository
  LEFT JOIN name c ON c.id = e.client LEFT JOIN name d ON d.id = e.digest
WHERE NOT EXISTS (SELECT 1 FROM session_layer l WHERE l.upload = u.text AND l.upload <> '')
GROUP BY u.text;

-- digests: everything shown by digest, one row each.
--   digest
--   repositories      where it occurs, separated by blanks
--   first, last       times of the first and the last line
--   lines             kept lines; of folded ones at least so many
--   errors            kept lines with status 400 and above
--   puts, deletes     requests that were answered 201; 202
--   findings          how many findings name it
CREATE VIEW digests AS
SELECT d.text AS digest,
  (SELECT group_concat(r.text, ' ') FROM (
    SELECT e.repository AS repository FROM event e WHERE e.digest = d.id
    UNION SELECT e.repository FROM touch e WHERE e.digest = d.id) x JOIN name r ON r.id = x.repository) AS repositories,
  (SELECT min(x.time) FROM (SELECT min(e.time) AS time FROM event e WHERE e.digest = d.id
    UNION ALL SELECT min(e.first_time) FROM touch e WHERE e.digest = d.id) x) AS first,
  (SELECT max(x.time) FROM (SELECT max(e.time) AS time FROM event e WHERE e.digest = d.id
    UNION ALL SELECT max(coalesce(e.last_time, e.first_time)) FROM touch e WHERE e.digest = d.id) x) AS last,
  (SELECT count(*) FROM event e WHERE e.digest = d.id)
    + (SELECT count(*) + count(e.last_id) FROM touch e WHERE e.digest = d.id) AS lines,
  (SELECT count(*) FROM event e WHERE e.digest = d.id AND e.status >= 400) AS errors,
  (SELECT count(*) FROM event e JOIN name m ON m.id = e.method WHERE e.digest = d.id AND e.status = 201
    AND m.text = 'PUT') AS puts,
  (SELECT count(*) FROM event e JOIN name m ON m.id = e.method WHERE e.digest = d.id AND e.status = 202
    AND m.text = 'DELETE') AS deletes,
  (SELECT count(*) FROM finding_subject f WHERE f.subject = d.text AND f.kind = 'digest') AS findings
FROM name d
WHERE EXISTS (SELECT 1 FROM event e WHERE e.digest = d.id) OR EXISTS (SELECT 1 FROM touch e WHERE e.digest = d.id);

-- repositories: one row each.
--   repository, first, last, lines   of all its lines, shown or not
--   errors                           lines with status 400 and above
--   noise, client, fault, loss, undetermined   judged lines by verdict
--   findings                         how many findings name it
CREATE VIEW repositories AS
SELECT repository, first, last, lines, errors, noise, client, fault, loss, undetermined,
  (SELECT count(DISTINCT f.finding) FROM finding_subject f WHERE f.subject = c.repository AND f.kind = 'repository')
    AS findings
FROM repository_count c;

-- tags: one row per repository and tag.
--   repository, tag
--   first, last, lines, errors   as in digests
--   pushed                       time of the last manifest PUT that was answered 201
--   manifest                     the digest of that PUT, where a line says it
CREATE VIEW tags AS
SELECT repository, tag, min(first) AS first, max(last) AS last, sum(lines) AS lines, sum(errors) AS errors,
  max(pushed) AS pushed,
  (SELECT s.manifest FROM session s WHERE s.repository = x.repository AND s.tag = x.tag AND s.manifest <> ''
    AND s.result = 'complete' ORDER BY s.last DESC LIMIT 1) AS manifest
FROM (
  SELECT r.text AS repository, t.text AS tag, e.time AS first, e.time AS last, 1 AS lines,
    coalesce(e.status, 0) >= 400 AS errors,
    CASE WHEN e.status = 201 AND m.text = 'PUT' THEN e.time END AS pushed
  FROM event e JOIN name r ON r.id = e.repository JOIN name t ON t.id = e.tag LEFT JOIN name m ON m.id = e.method
  UNION ALL
  SELECT r.text, t.text, e.first_time, coalesce(e.last_time, e.first_time), 1 + (e.last_id IS NOT NULL),
    (e.status >= 400) * (1 + (e.last_id IS NOT NULL)),
    CASE WHEN e.status = 201 AND m.text = 'PUT' THEN coalesce(e.last_time, e.first_time) END
  FROM touch e JOIN name r ON r.id = e.repository JOIN name t ON t.id = e.tag LEFT JOIN name m ON m.id = e.method
) x GROUP BY repository, tag;

-- clients: one row per address and user agent.
--   client, agent
--   first, last, lines, errors   as in digests
CREATE VIEW clients AS
SELECT client, agent, min(first) AS first, max(last) AS last, sum(lines) AS lines, sum(errors) AS errors
FROM (
  SELECT c.text AS client, a.text AS agent, e.time AS first, e.time AS last, 1 AS lines,
    coalesce(e.status, 0) >= 400 AS errors
  FROM event e JOIN name c ON c.id = e.client LEFT JOIN name a ON a.id = e.agent
  UNION ALL
  SELECT c.text, a.text, e.first_time, coalesce(e.last_time, e.first_time), 1 + (e.last_id IS NOT NULL),
    (e.status >= 400) * (1 + (e.last_id IS NOT NULL))
  FROM touch e JOIN name c ON c.id = e.client LEFT JOIN name a ON a.id = e.agent
) GROUP BY client, agent;

-- sources: the logs that were read.
--   source, status, error
--   lines, bytes, accepted, ignored, rejected, pending   bytes = the sum of the last four
--   first, last            times in it
--   level                  the most talkative level met
--   year, zone_assumed     what its lines did not say
--   clock_offset_ms        how far its clock or zone is ahead of the registry's, from requests that both tell of
--   gaps                   stretches without lines, far longer than its own rhythm: how many
--   longest_gap_first, longest_gap_last   the lines around the longest of them
--   formats, envelopes, instances   separated by ", "
CREATE VIEW sources AS
SELECT x.text AS source, s.status AS status, s.error AS error, s.lines AS lines, s.bytes AS bytes,
  s.accepted AS accepted, s.ignored AS ignored, s.rejected AS rejected, s.pending AS pending,
  nullif(s.first, -9223372036854775807 - 1) AS first, s.last AS last, s.level AS level, s.year AS year,
  s.zone_assumed AS zone_assumed, s.clock_offset_ms AS clock_offset_ms,
  (SELECT count(*) FROM source_gap g WHERE g.source = s.n) AS gaps,
  (SELECT g.first FROM source_gap g WHERE g.source = s.n ORDER BY g.last - g.first DESC, g.first LIMIT 1)
    AS longest_gap_first,
  (SELECT g.last FROM source_gap g WHERE g.source = s.n ORDER BY g.last - g.first DESC, g.first LIMIT 1)
    AS longest_gap_last,
  (SELECT group_concat(w.word || ' ' || w.lines, ', ') FROM source_word w WHERE w.source = s.n AND w.kind = 'format')
    AS formats,
  (SELECT group_concat(w.word, ', ') FROM source_word w WHERE w.source = s.n AND w.kind = 'envelope') AS envelopes,
  (SELECT group_concat(w.word, ', ') FROM source_word w WHERE w.source = s.n AND w.kind = 'instance') AS instances
FROM source s LEFT JOIN name x ON x.id = s.name;

-- rejects: lines that were not understood, by source and reason.
--   source, reason, lines
--   first_line, first_offset, head   the first of them that was kept as a sample
CREATE VIEW rejects AS
SELECT x.text AS source, w.word AS reason, w.lines AS lines,
  (SELECT r.line FROM reject_sample r WHERE r.source = s.n AND r.reason = w.word ORDER BY r.offset LIMIT 1) AS first_line,
  (SELECT r.offset FROM reject_sample r WHERE r.source = s.n AND r.reason = w.word ORDER BY r.offset LIMIT 1)
    AS first_offset,
  (SELECT r.head FROM reject_sample r WHERE r.source = s.n AND r.reason = w.word ORDER BY r.offset LIMIT 1) AS head
FROM source_word w JOIN source s ON s.n = w.source LEFT JOIN name x ON x.id = s.name
WHERE w.kind = 'reject';

-- kept: whether the views show all.
--   lines, lines_shown         lines that are kept (each event, and the first and last of each fold); those that have a
--                              row: the rest are harmless
--   sessions, sessions_shown   pushes; those that have a row: the rest went well
CREATE VIEW kept AS
SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'lines') AS lines,
  (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'lines_shown') AS lines_shown,
  (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'sessions') AS sessions,
  (SELECT count(*) FROM session) AS sessions_shown;
