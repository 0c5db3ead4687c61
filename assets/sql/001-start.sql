-- SPDX-License-Identifier: MIT
-- The facts of a day of calling. Times are UTC seconds; `folded` columns come from text_fold; names of states, effects and
-- kinds are the words of the model's tables. What is marked "materialised" equals the fold of the facts (`calldeck check`).

-- Tables that an import fills row by row say = OR = where IN would build a table of the words for every row.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outcome (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE CHECK (length(key) = 1),
    code TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
    right_person INTEGER NOT NULL CHECK (right_person IN (0, 1)),
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    effect TEXT NOT NULL,
    wait TEXT NOT NULL,
    cap INTEGER NOT NULL CHECK (cap >= 0),
    ask TEXT NOT NULL
) STRICT;

CREATE TABLE list (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    folded TEXT NOT NULL UNIQUE,
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)), -- nothing is ever dialled from it (the demo list)
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE policy (
    list_id INTEGER NOT NULL REFERENCES list ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (list_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE company (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    folded TEXT NOT NULL UNIQUE
) STRICT;

-- A batch that has people is never deleted, so theirs says batch_id without REFERENCES: every row of a file would pay.
-- A batch is nothing until completed_at is set; its rows are then applied in short transactions, up to applied_line. Whom it
-- adds bears its load_id and is seen nowhere until applied_at is set: all at once, by that one row.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES list,
    file TEXT NOT NULL,
    format TEXT NOT NULL,            -- "utf-8, comma"
    signature TEXT NOT NULL,         -- of the header: the mapping is remembered by it
    header TEXT NOT NULL,            -- the header row as CSV
    mapping TEXT NOT NULL,           -- a field a column, as CSV
    country TEXT NOT NULL,           -- what --country said, else ''
    holder TEXT NOT NULL DEFAULT '', -- the process at work on it: an unfinished batch of a dead one is removed
    made_list INTEGER NOT NULL DEFAULT 0 CHECK (made_list IN (0, 1)), -- the list came with it, and goes if it is abandoned
    started_at INTEGER NOT NULL,
    completed_at INTEGER,            -- the one row that makes it count
    applied_line INTEGER NOT NULL DEFAULT 0,
    load_id INTEGER,                 -- of this reading of the rows: another one each time they are read again
    applied_at INTEGER,              -- all rows are applied
    reverted_at INTEGER,
    rows INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    phones_rejected INTEGER NOT NULL DEFAULT 0,
    suppressed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX batch_unseen ON batch (load_id) WHERE applied_at IS NULL AND load_id IS NOT NULL;
CREATE VIEW unseen AS SELECT load_id FROM batch WHERE applied_at IS NULL AND load_id IS NOT NULL;

CREATE TABLE import_row (
    batch_id INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    line INTEGER NOT NULL,           -- of the file, 1-based
    raw TEXT NOT NULL,
    refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)), -- by the reader: raw is not whole, no mapping helps
    result TEXT CHECK (result = 'added' OR result = 'updated' OR result = 'unchanged' OR result = 'rejected'), -- NULL: not applied yet
    reason TEXT,
    prospect_id INTEGER REFERENCES prospect ON DELETE SET NULL,
    PRIMARY KEY (batch_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_prospect ON import_row (prospect_id) WHERE prospect_id IS NOT NULL;

CREATE TABLE mapping (
    signature TEXT PRIMARY KEY,
    mapping TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE prospect (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    external_id TEXT,                -- the CRM's own record id
    row_hash TEXT,                   -- identity of a row that has no key
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    title TEXT,
    company_id INTEGER REFERENCES company,
    owner TEXT,
    language TEXT,
    source TEXT,
    country TEXT CHECK (country IS NULL OR length(country) = 2),
    state TEXT,
    city TEXT,
    zones TEXT NOT NULL DEFAULT '',  -- candidates in force when no person's word is: "Asia/Riyadh" or "America/Chicago,America/Denver"
    zone_source TEXT NOT NULL DEFAULT 'none' CHECK (zone_source = 'none' OR zone_source = 'column'
        OR zone_source = 'address' OR zone_source = 'number' OR zone_source = 'list'),
    said_zone TEXT,                  -- a person's word
    said_until_at INTEGER,           -- ... and until when; NULL: for good
    mail_opt_out INTEGER NOT NULL DEFAULT 0 CHECK (mail_opt_out IN (0, 1)),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    rank INTEGER NOT NULL DEFAULT 0, -- -1: a colleague named this person, comes next
    batch_id INTEGER,
    action_id INTEGER REFERENCES action, -- the rep's act that made this person; gone from the lists when that is reversed
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    phone_id INTEGER REFERENCES phone, -- materialised: the number to dial
    law TEXT NOT NULL DEFAULT '',    -- materialised: the laws of that number and of the address: "US|US-FL,US-TX"
    reach TEXT NOT NULL DEFAULT ''   -- materialised: the zones of that number and of the address, in force like zones; '' as zones
) STRICT;
CREATE INDEX prospect_external ON prospect (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX prospect_row_hash ON prospect (row_hash) WHERE row_hash IS NOT NULL;
CREATE INDEX prospect_folded ON prospect (folded);
CREATE INDEX prospect_company ON prospect (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX prospect_action ON prospect (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX prospect_said ON prospect (said_until_at) WHERE said_until_at IS NOT NULL;

CREATE TABLE phone (
    id INTEGER PRIMARY KEY,
    e164 TEXT NOT NULL UNIQUE CHECK (e164 GLOB '+[1-9]*' AND length(e164) BETWEEN 8 AND 16),
    reversed TEXT NOT NULL,          -- the digits backwards: search by the last ones
    national TEXT NOT NULL,
    region TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '',  -- of the area code: "FL"; '' where none is known
    zones TEXT NOT NULL DEFAULT '',  -- where it may ring: candidates, as of a prospect; '' where nothing is known
    bad INTEGER NOT NULL DEFAULT 0 CHECK (bad IN (0, 1)), -- materialised: a live outcome said so for all
    last_outcome_id INTEGER REFERENCES outcome,           -- materialised
    last_at INTEGER                                       -- materialised
) STRICT;
CREATE INDEX phone_reversed ON phone (reversed);

-- The person-number link is a thing apart from the number: a company line is shared.
CREATE TABLE phone_link (
    id INTEGER PRIMARY KEY,
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    phone_id INTEGER NOT NULL REFERENCES phone,
    position INTEGER NOT NULL,       -- 1 is dialled first
    label TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '', -- 'file', 'rep'
    extension TEXT NOT NULL DEFAULT '' CHECK (extension NOT GLOB '*[^0-9]*'),
    bad INTEGER NOT NULL DEFAULT 0 CHECK (bad IN (0, 1)), -- materialised: a live outcome said "wrong number" of this person
    batch_id INTEGER,
    action_id INTEGER REFERENCES action,                  -- the rep's act that added it
    removed_action_id INTEGER REFERENCES action,          -- taken away by this act (its own, when the adding was undone)
    UNIQUE (prospect_id, phone_id)
) STRICT;
CREATE INDEX phone_link_phone ON phone_link (phone_id, prospect_id);

CREATE TABLE mail (
    id INTEGER PRIMARY KEY,
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    address TEXT NOT NULL,
    folded TEXT NOT NULL,            -- ASCII lower case
    label TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    batch_id INTEGER,
    action_id INTEGER REFERENCES action,
    removed_action_id INTEGER REFERENCES action,
    UNIQUE (prospect_id, folded)
) STRICT;
CREATE INDEX mail_folded ON mail (folded);

CREATE TABLE attribute (
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (key <> ''),
    value TEXT NOT NULL,
    PRIMARY KEY (prospect_id, key)
) STRICT, WITHOUT ROWID;

-- Old values of what a batch changed, so that it can be taken back. field: a column of prospect, or 'attribute:KEY'.
CREATE TABLE batch_change (
    batch_id INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (batch_id, prospect_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_change_prospect ON batch_change (prospect_id);

-- What a person did, in the order of recording (seq; NULL while a call is open). A fact is live as long as its action is.
CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    seq INTEGER UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('call', 'log', 'note', 'callback', 'skip', 'edit', 'phone', 'mail', 'person',
                                       'suppress', 'unsuppress', 'correct', 'archive')),
    prospect_id INTEGER REFERENCES prospect,
    at INTEGER NOT NULL,             -- when it was done (--at)
    recorded_at INTEGER NOT NULL,    -- when it was written down
    rep TEXT NOT NULL,
    live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)) -- materialised: no live reversal names it
) STRICT;
CREATE INDEX action_prospect ON action (prospect_id) WHERE prospect_id IS NOT NULL;

CREATE TABLE reversal (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    action_id INTEGER NOT NULL REFERENCES action,  -- what is taken back
    by_action_id INTEGER REFERENCES action,        -- a correction that did it; NULL: undo
    at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    rep TEXT NOT NULL
) STRICT;
CREATE INDEX reversal_action ON reversal (action_id);
CREATE INDEX reversal_by ON reversal (by_action_id) WHERE by_action_id IS NOT NULL;

-- One contact attempt on any channel. id is its action's id.
CREATE TABLE touch (
    id INTEGER PRIMARY KEY REFERENCES action,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    prospect_id INTEGER NOT NULL REFERENCES prospect,
    list_id INTEGER REFERENCES list,
    channel TEXT NOT NULL CHECK (channel IN ('call', 'note', 'mail')),
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in', '')),
    phone_id INTEGER REFERENCES phone,
    number TEXT,                     -- E.164 as it was then
    dialed INTEGER NOT NULL DEFAULT 0 CHECK (dialed IN (0, 1)), -- placed by us: counts against the day, also when voided
    started_at INTEGER NOT NULL,
    answered_at INTEGER,
    answered_inferred INTEGER NOT NULL DEFAULT 0 CHECK (answered_inferred IN (0, 1)),
    ended_at INTEGER,
    talk_s INTEGER CHECK (talk_s >= 0),
    line_result TEXT CHECK (line_result IN ('answered', 'busy', 'no-answer', 'wrong-number', 'declined', 'missed', 'failed', 'cancelled')),
    line_code TEXT,                  -- what the line said
    suggested_outcome_id INTEGER REFERENCES outcome,
    outcome_id INTEGER REFERENCES outcome,
    note TEXT,
    reason TEXT,
    amount_cents INTEGER,
    currency TEXT,
    with_whom TEXT,
    verdict TEXT,                    -- log: the gate's no, recorded and not enforced; dial: the typed reason of an override
    receipt TEXT,                    -- dial: what the gate looked at, as JSON
    consent TEXT CHECK (consent IN ('yes', 'no', 'withdrawn')), -- to a recording, as they said it in the call
    consent_at INTEGER,
    recording TEXT,                  -- beside the database: two files, NAME-us.wav and NAME-them.wav
    corrects INTEGER REFERENCES touch,
    continues INTEGER REFERENCES touch, -- after an undo: the same call, open again
    rep TEXT NOT NULL,
    completed_at INTEGER,            -- NULL: open
    batch_id INTEGER REFERENCES batch, -- a note that a file brought
    CHECK (completed_at IS NOT NULL OR outcome_id IS NULL),
    CHECK (batch_id IS NULL OR channel = 'note')
) STRICT;
CREATE INDEX touch_prospect ON touch (prospect_id, started_at);
CREATE INDEX touch_phone ON touch (phone_id, started_at) WHERE phone_id IS NOT NULL;
CREATE INDEX touch_started ON touch (started_at);
CREATE INDEX touch_open ON touch (started_at) WHERE completed_at IS NULL;
CREATE INDEX touch_corrects ON touch (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX touch_continues ON touch (continues) WHERE continues IS NOT NULL;
CREATE INDEX touch_batch ON touch (batch_id) WHERE batch_id IS NOT NULL;
CREATE TRIGGER touch_append_only BEFORE UPDATE ON touch WHEN OLD.completed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a completed touch never changes');
END;
-- A file's note goes with the person when the batch is taken back; nothing else ever does.
CREATE TRIGGER touch_stays BEFORE DELETE ON touch WHEN OLD.batch_id IS NULL
BEGIN
    SELECT RAISE(ABORT, 'a touch is never deleted');
END;
CREATE TRIGGER reversal_append_only BEFORE UPDATE ON reversal
BEGIN
    SELECT RAISE(ABORT, 'a reversal never changes');
END;

CREATE TABLE callback (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    prospect_id INTEGER NOT NULL REFERENCES prospect,
    list_id INTEGER REFERENCES list,
    kind TEXT NOT NULL CHECK (kind IN ('callback', 'next-step', 'meeting')),
    wall TEXT NOT NULL,              -- "2026-11-24T15:00" there
    zone TEXT NOT NULL,
    offset_s INTEGER NOT NULL,       -- the one chosen: a fold has two
    asked_at INTEGER NOT NULL,       -- the instant of the three above
    step TEXT,                       -- what is to be done
    with_whom TEXT,
    made_at INTEGER NOT NULL,
    action_id INTEGER NOT NULL REFERENCES action,   -- made by
    ended_action_id INTEGER REFERENCES action,      -- cancelled or moved by hand
    due_at INTEGER,                  -- materialised: NULL when kept, cancelled, missed
    tries INTEGER NOT NULL DEFAULT 0 -- materialised
) STRICT;
CREATE INDEX callback_prospect ON callback (prospect_id);
CREATE INDEX callback_due ON callback (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX callback_action ON callback (action_id);
CREATE INDEX callback_ended ON callback (ended_action_id) WHERE ended_action_id IS NOT NULL;

CREATE TABLE skip (
    id INTEGER PRIMARY KEY REFERENCES action,
    prospect_id INTEGER NOT NULL REFERENCES prospect,
    kind TEXT NOT NULL CHECK (kind IN ('skip', 'review', 'keep')),
    reason TEXT NOT NULL,
    until_at INTEGER,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX skip_prospect ON skip (prospect_id);

-- A person's correction wins over every later file.
CREATE TABLE edit (
    id INTEGER PRIMARY KEY,
    action_id INTEGER NOT NULL REFERENCES action,
    prospect_id INTEGER NOT NULL REFERENCES prospect,
    field TEXT NOT NULL,             -- a column of prospect, or 'attribute:KEY'
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX edit_prospect ON edit (prospect_id, field);
CREATE INDEX edit_action ON edit (action_id);

CREATE TABLE suppression (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    scope TEXT NOT NULL CHECK (scope IN ('person', 'line', 'company')),
    prospect_id INTEGER REFERENCES prospect,
    e164 TEXT,
    company_id INTEGER REFERENCES company,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,            -- 'rep', 'file', a registry's name
    as_of TEXT,                      -- a registry's date
    at INTEGER NOT NULL,
    action_id INTEGER REFERENCES action,          -- NULL: from a file
    batch_id INTEGER,                             -- the file that said so; a revert does not lift it
    removed_action_id INTEGER REFERENCES action,
    removed_reason TEXT,
    CHECK ((scope = 'person') = (prospect_id IS NOT NULL AND e164 IS NULL AND company_id IS NULL)),
    CHECK ((scope = 'line') = (e164 IS NOT NULL)),
    CHECK ((scope = 'company') = (company_id IS NOT NULL))
) STRICT;
CREATE INDEX suppression_prospect ON suppression (prospect_id) WHERE prospect_id IS NOT NULL;
CREATE INDEX suppression_e164 ON suppression (e164) WHERE e164 IS NOT NULL;
CREATE INDEX suppression_company ON suppression (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX suppression_batch ON suppression (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX suppression_action ON suppression (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX suppression_removed ON suppression (removed_action_id) WHERE removed_action_id IS NOT NULL;
CREATE INDEX phone_link_action ON phone_link (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX phone_link_removed ON phone_link (removed_action_id) WHERE removed_action_id IS NOT NULL;
CREATE INDEX mail_action ON mail (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX mail_removed ON mail (removed_action_id) WHERE removed_action_id IS NOT NULL;

CREATE TABLE draft (
    prospect_id INTEGER PRIMARY KEY REFERENCES prospect ON DELETE CASCADE,
    text TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE claim (
    prospect_id INTEGER PRIMARY KEY REFERENCES prospect ON DELETE CASCADE,
    holder TEXT NOT NULL,            -- one window
    rep TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- All that moves with the clock is one answer per cell: prospects that are in the same zones with the same working week, of
-- one segment, equally fresh.
CREATE TABLE cell (
    id INTEGER PRIMARY KEY,
    zones TEXT NOT NULL,             -- '' : a promise of somebody whose zone nobody knows
    country TEXT NOT NULL,           -- and the laws: "US", "US|US-FL"
    segment TEXT NOT NULL DEFAULT '', -- of the list's segment column
    band INTEGER NOT NULL DEFAULT -1, -- how fresh; -1: it does not matter
    UNIQUE (zones, country, segment, band)
) STRICT;
CREATE INDEX cell_segment ON cell (segment);

-- Registries of people who must not be called: consumers of the country may be, while it is new enough.
CREATE TABLE registry (
    name TEXT NOT NULL,
    country TEXT NOT NULL,           -- '' : of everywhere
    as_of TEXT NOT NULL,
    numbers INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (name, country)
) STRICT, WITHOUT ROWID;

-- Days that a rep named, on which nobody is called there, beside those that are shipped and configured.
CREATE TABLE holiday (
    country TEXT NOT NULL CHECK (length(country) = 2),
    day TEXT NOT NULL,
    rep TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (country, day)
) STRICT, WITHOUT ROWID;

-- Materialised. ready_cell: in the queue's index (may still rest by not_before when a clock was set back).
-- wake_at: parked out of the index until then. One of the two, or neither (nothing wakes it).
CREATE TABLE list_member (
    list_id INTEGER NOT NULL REFERENCES list,
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    batch_id INTEGER,
    load_id INTEGER NOT NULL DEFAULT 0, -- for ever; not seen while it is one of `unseen`
    state TEXT NOT NULL,
    not_before INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    touched_at INTEGER NOT NULL DEFAULT -9223372036854775808,
    rank INTEGER NOT NULL DEFAULT 0,
    sort REAL NOT NULL DEFAULT 0,    -- the prospect's own part of the order, smaller first; a learned key negated
    factors BLOB,                    -- of a learned key: doubles, in the order of factors.def
    band_until INTEGER,              -- when the cell's freshness ends
    cell_id INTEGER NOT NULL REFERENCES cell,
    shadow INTEGER NOT NULL DEFAULT 0 CHECK (shadow IN (0, 1)), -- the same prospect counts under another list already
    ready_cell INTEGER,
    wake_at INTEGER,
    PRIMARY KEY (list_id, prospect_id),
    CHECK (ready_cell IS NULL OR ready_cell = cell_id),
    CHECK (ready_cell IS NULL OR wake_at IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_ready ON list_member (list_id, ready_cell, rank, sort, attempts, touched_at, prospect_id, not_before, shadow, load_id)
    WHERE ready_cell IS NOT NULL;
CREATE INDEX member_band ON list_member (band_until) WHERE band_until IS NOT NULL;
CREATE INDEX member_wake ON list_member (wake_at, list_id, cell_id, state, shadow, load_id) WHERE wake_at IS NOT NULL;
CREATE INDEX member_prospect ON list_member (prospect_id, load_id);
CREATE INDEX member_state ON list_member (list_id, state, shadow, ready_cell, load_id);
-- What a person is shown; list_member itself is for the fold and for whoever writes.
CREATE VIEW member AS SELECT list_id, prospect_id, state, not_before, attempts, touched_at, rank, sort, factors, cell_id, shadow
    FROM list_member WHERE load_id NOT IN (SELECT load_id FROM unseen);

-- How many members stand where, of those who are seen: the header counts everybody without looking at anybody. ready_cell 0:
-- not in the index.
CREATE TABLE tally (
    list_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    ready_cell INTEGER NOT NULL,
    shadow INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (list_id, state, ready_cell, shadow)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER member_counted AFTER INSERT ON list_member WHEN NOT EXISTS (SELECT 1 FROM unseen WHERE load_id = NEW.load_id)
BEGIN
    INSERT INTO tally VALUES (NEW.list_id, NEW.state, coalesce(NEW.ready_cell, 0), NEW.shadow, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER member_recounted AFTER UPDATE OF state, ready_cell, shadow ON list_member
    WHEN (OLD.state IS NOT NEW.state OR OLD.ready_cell IS NOT NEW.ready_cell OR OLD.shadow IS NOT NEW.shadow)
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE load_id = NEW.load_id)
BEGIN
    UPDATE tally SET n = n - 1 WHERE list_id = OLD.list_id AND state = OLD.state
        AND ready_cell = coalesce(OLD.ready_cell, 0) AND shadow = OLD.shadow;
    INSERT INTO tally VALUES (NEW.list_id, NEW.state, coalesce(NEW.ready_cell, 0), NEW.shadow, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER member_uncounted AFTER DELETE ON list_member WHEN NOT EXISTS (SELECT 1 FROM unseen WHERE load_id = OLD.load_id)
BEGIN
    UPDATE tally SET n = n - 1 WHERE list_id = OLD.list_id AND state = OLD.state
        AND ready_cell = coalesce(OLD.ready_cell, 0) AND shadow = OLD.shadow;
END;
-- The row that shows a load counts it: one pass over one index instead of a count a row.
CREATE TRIGGER batch_seen AFTER UPDATE OF applied_at ON batch WHEN OLD.applied_at IS NULL AND NEW.applied_at IS NOT NULL
BEGIN
    INSERT INTO tally SELECT list_id, state, coalesce(ready_cell, 0), shadow, count(*) FROM list_member INDEXED BY member_state
        WHERE NEW.rows > 0 AND list_id = NEW.list_id AND load_id = NEW.load_id GROUP BY list_id, state, shadow, ready_cell
        ON CONFLICT DO UPDATE SET n = n + excluded.n;
    UPDATE batch SET made_list = 0 WHERE made_list = 1 AND list_id = NEW.list_id;
END;

-- Search as you type. Filled from search_todo when nobody waits; columns are folded.
CREATE VIRTUAL TABLE search USING fts5 (name, company, mail, note, prefix = '1 2 3 4',
                                        tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE search_todo (
    prospect_id INTEGER PRIMARY KEY
) STRICT;

-- What the calls taught: a cache of the touches, made again from them when one in the middle is taken back. See learn.h.
CREATE TABLE learn_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    layout INTEGER NOT NULL,         -- what the slots mean
    revision INTEGER NOT NULL,       -- moves with every change: another process reads the slots again
    stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)), -- to be learned again from the touches
    generation INTEGER NOT NULL DEFAULT 0, -- whose rows of learn_own count: those of a relearning that runs do not yet
    rekeyed INTEGER NOT NULL DEFAULT 0 -- the prospect up to whom keys were made again in the background
) STRICT;
CREATE TABLE learn_slot (
    slot INTEGER PRIMARY KEY,
    a REAL NOT NULL,
    b REAL NOT NULL
) STRICT;
CREATE TABLE learn_own (
    prospect_id INTEGER NOT NULL REFERENCES prospect ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    answers REAL NOT NULL,
    expected REAL NOT NULL,
    PRIMARY KEY (prospect_id, generation)
) STRICT, WITHOUT ROWID;
-- How to take the newest lessons back; older ones go.
CREATE TABLE learn_journal (
    id INTEGER PRIMARY KEY,
    action_id INTEGER NOT NULL UNIQUE REFERENCES action,
    images BLOB NOT NULL
) STRICT;
