-- SPDX-License-Identifier: MIT
-- What an import does, said in SQL, for the comparison: the rows as they are, a check of each number, one row a person by
-- record id, then mail, then number with the same name, and the indexes that a queue needs. Not here: time zones, raw rows
-- that can be read again, companies, the fold and the search index, which calldeck has on top.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
.mode csv
.import rows.csv raw
CREATE TABLE person (id INTEGER PRIMARY KEY, external_id TEXT, name TEXT, folded TEXT, company TEXT, title TEXT, phone TEXT, mail TEXT,
                     state TEXT, country TEXT, zone TEXT, source TEXT, product TEXT);
BEGIN;
INSERT INTO person (external_id, name, folded, company, title, phone, mail, state, country, zone, source, product)
SELECT "Record ID", "First Name" || ' ' || "Last Name", lower("First Name" || ' ' || "Last Name"), Company, "Job Title",
       CASE WHEN Phone GLOB '+[1-9]*' AND substr(Phone, 2) NOT GLOB '*[^0-9]*' AND length(Phone) = 12 THEN Phone END,
       lower(Email), State, Country, "Time Zone", Source, "Product Interest"
FROM raw;
CREATE INDEX person_external ON person (external_id);
CREATE INDEX person_mail ON person (mail);
CREATE INDEX person_phone ON person (phone, folded);
DELETE FROM person WHERE EXISTS (SELECT 1 FROM person AS other WHERE other.external_id = person.external_id AND other.id < person.id);
DELETE FROM person WHERE EXISTS (SELECT 1 FROM person AS other WHERE other.mail = person.mail AND other.mail <> '' AND other.id < person.id);
DELETE FROM person WHERE EXISTS (SELECT 1 FROM person AS other WHERE other.phone = person.phone AND other.folded = person.folded AND other.id < person.id);
COMMIT;
