-- A log of layout 1, as recto wrote it before it knew corrections of groups.
PRAGMA application_id = 0x7263746f;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE events (
    number    INTEGER PRIMARY KEY,
    step      INTEGER NOT NULL,
    library   TEXT NOT NULL,
    author    TEXT NOT NULL,
    time      INTEGER NOT NULL,
    deed      TEXT NOT NULL,
    value     TEXT,
    article   TEXT,
    path      ANY,
    record    INTEGER,
    record_id TEXT,
    url       TEXT,
    title     TEXT,
    hash      BLOB NOT NULL
) STRICT;
INSERT INTO "events" VALUES(1,1,'d4ae5fdac1aa099059a4cb406e62c741','ada',1795401022237,'tag','todo','b5f62453929968246f628f66a4f4f22a','/srv/articles/all.jsonl',1,'one',NULL,'A first title',X'B9F4C9B2266594FF2E8DCF6050A1AA48D576B43BD95E12A6CEEA8829DFE4E139');
INSERT INTO "events" VALUES(2,2,'d4ae5fdac1aa099059a4cb406e62c741','ada',1795401022289,'verdict','keep','21936f61fbaa91bf404414039ddfebd8','/srv/articles/all.jsonl',2,'two','https://news.example/2','A second title',X'229E311D57350600F4115C44647CC190D3A43AD71BAB164DBBA68406560FEBCB');
COMMIT;
