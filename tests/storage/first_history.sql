CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE articles (
    id integer primary key,
    url text not null unique,
    host text not null,
    headline text,
    first_seen_at text not null,
    checked_at text,
    changed_at text,
    next_check_at text,
    next_check_reason text,
    state text not null default 'active' check (state in ('active', 'paused', 'gone', 'finished')),
    latest_version integer,
    born_at text, -- when it was published; if unknown, when first seen
    rate_shape real, -- the edit rate: a gamma distribution of this shape and scale
    rate_scale real,
    every text, -- the user's own timetable
    -- kept by triggers:
    checks integer not null default 0, -- rows of fetches that confirm no other
    edits integer not null default 0,
    headline_edits integer not null default 0,
    silent_edits integer not null default 0, -- disclosed is 0
    judged_edits integer not null default 0, -- disclosed is not null
    gap_seconds real not null default 0 -- sum of seen_at - seen_after
);
CREATE TABLE aliases (
    url text primary key,
    article_id integer not null references articles (id) on delete cascade,
    declared_by integer -- the article whose page names this address, as long as nobody has fetched it
) without rowid;
CREATE TABLE snapshots (
    id integer primary key,
    sha256 text not null unique,
    size integer not null,
    encoding text not null check (encoding in ('zstd', 'zstd-delta')),
    base_id integer references snapshots (id),
    data blob not null,
    headers text not null,
    depth integer not null default 0,
    check ((base_id is null) = (encoding = 'zstd'))
);
CREATE TABLE versions (
    id integer primary key autoincrement, -- the search index holds these ids: never reused
    article_id integer not null references articles (id) on delete cascade,
    number integer not null check (number > 0),
    seen_at text not null,
    last_seen_at text not null,
    headline text not null,
    dek text,
    byline text not null default '[]',
    section text,
    lang text,
    published_at text,
    modified_at text,
    captions text not null default '[]',
    body text not null,
    content_hash text not null,
    reverts_to integer,
    technical integer not null default 0 check (technical in (0, 1)),
    extractor text not null,
    snapshot_id integer references snapshots (id),
    headlines text not null default '{}', -- the headline by source (JSON)
    unique (article_id, number)
);
CREATE TABLE fetches (
    id integer primary key,
    article_id integer references articles (id) on delete cascade,
    url text not null,
    fetched_at text not null,
    outcome text not null check (outcome in ('new', 'unchanged', 'not_modified', 'edited', 'technical', 'gone', 'restored', 'moved', 'blocked', 'refused', 'failed')),
    http_status integer,
    reason text,
    etag text,
    last_modified text,
    bytes integer,
    elapsed_ms integer,
    snapshot_id integer references snapshots (id),
    version_id integer references versions (id) on delete set null,
    confirms integer references fetches (id), -- the first request of the same check
    container_path text, -- the element that holds the text, if it differs from that of the fetch before
    late_seconds real, -- how long after its due time the check began
    unconfirmed integer not null default 0 check (unconfirmed in (0, 1)) -- 1 until a later check confirms the change
);
CREATE TABLE last_pages (
    article_id integer primary key references articles (id) on delete cascade,
    etag text,
    last_modified text,
    fingerprint text, -- recognises an unchanged article (JSON)
    page_id integer references snapshots (id),
    page_sha256 text
);
CREATE TABLE edits (
    id integer primary key autoincrement, -- a cursor for readers: never reused
    article_id integer not null references articles (id) on delete cascade,
    from_version integer not null,
    to_version integer not null,
    seen_after text not null,
    seen_at text not null,
    field text not null check (field in ('headline', 'dek', 'byline', 'body', 'caption', 'published_at', 'modified_at', 'section')),
    op text not null check (op in ('insert', 'delete', 'replace', 'move')),
    kind text not null,
    old text,
    new text,
    context text not null default '',
    context_at integer not null default 0, -- where `new` begins in the context
    paragraph integer,
    disclosed integer check (disclosed in (0, 1)),
    disclosure text, -- what disclosed it
    source text, -- of a headline: which of its sources changed
    check (old is not null or new is not null)
);
CREATE TABLE sentences (
    id integer primary key,
    article_id integer not null references articles (id) on delete cascade,
    sentence text not null,
    added_version integer not null,
    removed_version integer
);
CREATE TABLE exclusions (
    id integer primary key,
    host text not null,
    article_id integer references articles (id) on delete cascade,
    kind text not null check (kind in ('volatile', 'pending')),
    text text not null,
    evidence text not null,
    since text not null,
    restored_at text
);
CREATE TABLE watches (
    id integer primary key,
    url text not null unique,
    kind text not null check (kind in ('feed', 'sitemap', 'section')),
    added_at text not null,
    state text not null default 'active' check (state in ('active', 'paused')),
    checked_at text,
    next_check_at text,
    etag text,
    last_modified text,
    reason text,
    every text, -- the user's own timetable
    wait_seconds real, -- the wait that the source asks for between checks
    failures integer not null default 0 -- in a row
);
CREATE TABLE mentions (
    watch_id integer not null references watches (id) on delete cascade,
    article_id integer not null references articles (id) on delete cascade,
    timestamp text not null,
    primary key (watch_id, article_id)
) without rowid;
CREATE TABLE outbox (
    id integer primary key autoincrement,
    edit_id integer not null references edits (id) on delete cascade,
    channel text not null,
    created_at text not null,
    delivered_at text,
    attempts integer not null default 0,
    next_attempt_at text,
    last_error text,
    unique (edit_id, channel)
);
CREATE TABLE hosts (
    host text primary key,
    edited_checks real not null default 0,
    expected_edits real not null default 0, -- how many an average publisher would have made
    failures integer not null default 0, -- in a row
    backoff_until text,
    reason text,
    requested_at text,
    leased_until text,
    holder text,
    -- kept by triggers, over its articles:
    due_at text, -- the first next_check_at
    articles integer not null default 0,
    active integer not null default 0,
    first_seen_at text,
    changed_at text,
    checked_at text
) without rowid;
CREATE TABLE robots (
    authority text primary key,
    read_at text not null,
    status integer,
    text text not null,
    reason text,
    failing_since text
) without rowid;
CREATE TABLE check_rate (
    id integer primary key check (id = 1),
    threshold real not null,
    scale real not null,
    tau real not null,
    q real not null,
    adjusted_at text not null,
    fitted_at text not null
);
CREATE VIRTUAL TABLE version_words using fts5 (
    words, content = '', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE removed_words using fts5 (
    words, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
CREATE INDEX articles_due on articles (next_check_at) where state in ('active', 'gone', 'finished');
CREATE INDEX articles_host on articles (host);
CREATE INDEX articles_host_due on articles (host, next_check_at) where state in ('active', 'gone', 'finished');
CREATE INDEX aliases_article on aliases (article_id);
CREATE INDEX snapshots_base on snapshots (base_id) where base_id is not null;
CREATE INDEX versions_technical on versions (article_id) where technical = 1;
CREATE INDEX versions_snapshot on versions (snapshot_id) where snapshot_id is not null;
CREATE INDEX fetches_article on fetches (article_id, id);
CREATE INDEX fetches_snapshot on fetches (snapshot_id) where snapshot_id is not null;
CREATE INDEX fetches_version on fetches (version_id) where version_id is not null;
CREATE INDEX fetches_confirms on fetches (confirms) where confirms is not null;
CREATE INDEX last_pages_page on last_pages (page_id) where page_id is not null;
CREATE INDEX edits_article on edits (article_id, id);
CREATE INDEX edits_kind on edits (kind, seen_at);
CREATE INDEX edits_field on edits (field, seen_at) where field <> 'body';
CREATE INDEX edits_by_time on edits (seen_at, id, field, kind, disclosed, article_id);
CREATE INDEX sentences_article on sentences (article_id, removed_version);
CREATE INDEX exclusions_article on exclusions (article_id, kind);
CREATE INDEX watches_due on watches (next_check_at) where state = 'active';
CREATE INDEX mentions_article on mentions (article_id);
CREATE INDEX outbox_waiting on outbox (channel) where delivered_at is null;
CREATE INDEX hosts_due on hosts (due_at) where due_at is not null;
CREATE INDEX hosts_articles on hosts (articles desc, host) where articles > 0;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
insert into _sqlite_migrations values (1, 'variorum', 'm001_first_schema', '2026-05-14 12:00:00.000000+00:00');
insert into articles values (1, 'https://example.org/news/1', 'example.org', 'Harbour bridge opens after long repair', '2026-05-14T12:00:00.007Z', '2026-05-15T06:00:00.123Z', '2026-05-15T00:00:00.086Z', '2026-05-15T07:00:00.125Z', 'checking again soon: a line changed that may be an ad or a counter', 'active', 5, '2026-05-14T12:00:00.007Z', 4.751148117981635, 1.024754628124789, null, 10, 20, 2, 0, 0, 201600.2921462059);
insert into aliases values ('https://example.org/news/1', 1, null);
insert into snapshots values (1, 'dcd8d8a9df53aa4fa3326efd0d8d3f463106543922736febc2fbc5f4d0d9991f', 664, 'zstd', null, X'28b52ffd6098017d0c00e69c5029a0254907ffff3f00031ce2259f3422cb42a4dc7f91bb11b9b781ecf79fe35a9c6d6669e2c370fe8b1a460043004700e6681e33cc39c3205b84631c1cc8ea674ee2d49c25edc13086e13c04f908dd75c63eee4d11d92322251fcec91ef8100eaece36271d2a73140f107aebe62cd6ea882c8d361598fda2a9b28cae9b6b25bb81e1dd16bd0d400c03400f69c79552b2b7ce2fa7dc91b7cf78bbfdf870f92afd62b9a49b70dda33c8ee3fef613aaa3227010730ccaa050365ffd85198fa6097f95f2622d549a809f66c213282c149a87b8b7b6ac759ac7f5d0b100028585e5d217c6041e3b5b4203bcca71218bc80d064f7a2f525efbd2c9ab3ab9372f72540167b15686610ea66c86d107507fec95259d5c3642a4699ef778c2b60b1d0f5f2b95178c89642439a36a4e8e174917617b005ca9143d646f8c9d30b6e80993f9d0fb541b002fc4002b62f69bcf7c0bab3156db5ea5dadc286cbc286e02dfcc2d073d5a5ceba25334d6e28657aa0b47c596299b88b2115e828678553dcf0d80b932efcee6bec2d8a31a28415902', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:46 GMT", "etag": "\"0\"", "server": "BaseHTTP/0.6 Python/3.11.7"}', 0);
insert into snapshots values (2, '615d30650ba4754e6b9b07b8a231f5b19f85a2db24659c563a2bc489af50f20d', 664, 'zstd-delta', 1, X'28b52ffd6098016d000010313202002a4045b34daa0802', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:46 GMT", "etag": "\"1\"", "server": "BaseHTTP/0.6 Python/3.11.7"}', 1);
insert into snapshots values (3, 'a2f03d4341bba59142f50398f1d722cb66e74bf5d854e3a25a0da895dae3057e', 527, 'zstd-delta', 1, X'28b52ffd600f01d50600b20b201990a56903a8bfb78c96923cdcf43b5b8aadaa7866247866ba09cf4377d9a4022c2d1a92fcf3e4929a2089b5a1df7dd4a189910a2fde0b3c83f426eea60422608edce26956e882cd2d22a426d452b12b090d2f636c6abc62652b6318b54a47020c7d7b526f82163959f4c9533e96917a5007595db66c02e85db87580f7220f041f00902007fcb19fe4dad054164407071085413bb18d67b7d6c29559b9a862102ed952185250c251ddd24688b1d46152361010b96890a9a80d606667a8d9500726672219a20c0d104902cd872c60df35b216a637412208', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:46 GMT", "etag": "\"2\"", "server": "BaseHTTP/0.6 Python/3.11.7"}', 2);
insert into snapshots values (4, 'e1d2308157a33a83dc6f75aec184bf44aaceb7af637c03de3eb221b1690ed11e', 884, 'zstd-delta', 1, X'28b52ffd607402f5040092471718a0276d0d490227f41eb6ec26b476b77fff8f0f9b76ff570d45e08264cf199da92b1cf63bada17e26edccb79f28c328a1d177886bda496b0501036e445259750d42414bfca0951c2f76bd0b7b0fa3b2e39c474ed6d11e57dde6c42e451500df15b1900b59242113976cd77ac97460d48170795a4158aad08bc5d55e2541ca12ea6228a80be4c5804572e06ec5c022f200c0206e40a1d926550401', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "server": "BaseHTTP/0.6 Python/3.11.7"}', 2);
insert into snapshots values (5, '58e18c73002cba95446d407e58a6782e01ae495b4d671505f0099cd5f6bdfd5a', 884, 'zstd-delta', 4, X'28b52ffd6074025d00000832020083487cdead0410', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "server": "BaseHTTP/0.6 Python/3.11.7"}', 3);
insert into snapshots values (6, 'ed8ad203296bc60aad74ec569142eafd503772b836d733b9f3c8e32981af7b6d', 884, 'zstd-delta', 1, X'28b52ffd607402fd04009287171890296d6d490a28041f5b7613ae513a17f16a2cde5b63e77282c109c99e333a537738ec775a44fd4cda996f7f51865142a3ef14d7b493d60a020adc88a4b2ea1a8682b678422b395eec7a17f61e4665c7398f9caca33daebacd895d02011500df15b1900b59242113976cd77ac97460d48170795a4158aad08bc5d55e2541ca12ea6228a80be4c5804572e06ec5c022f200c0206e40a1d926550401', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "server": "BaseHTTP/0.6 Python/3.11.7"}', 4);
insert into snapshots values (7, 'eef2e8074fec565e055caa87c32ceb30697523bf23ea3e47772639c98c31d0fc', 884, 'zstd-delta', 6, X'28b52ffd6074025d00000834020083487cdead0410', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "server": "BaseHTTP/0.6 Python/3.11.7"}', 5);
insert into snapshots values (8, '3b9089cb32197f7e9b23a96e9bd437c3bafb53822b1e817c4ca210352b9ffb2b', 862, 'zstd-delta', 1, X'28b52ffd605e02850400a286141790a76db8280548bf8f2dcdb65b53e47c0b7d995eff920376f79312ca66b098b1de479945e9889b199c584ed2420e20d89f81b9994a0cc895c385ac83addecbafbb9e45550a2fda3858465a3853bf7827811400082b079004775cf202ebc5a5813d0404c1d30ac252855e2caef62a095296501743415d202f062c9203772b06169107000671030acd36a92208', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "etag": "\"8\"", "server": "BaseHTTP/0.6 Python/3.11.7"}', 2);
insert into snapshots values (9, 'c36c810552311a31fd44f525cb93ad287ca09de0a7edfc81c60ebcaa897e5bde', 893, 'zstd-delta', 8, X'28b52ffd607d02ed000040703e4c616e74657205000ec0828208b940bf7ce0bf6cf1b3b0950802', '{"content-type": "text/html; charset=utf-8", "date": "Mon, 30 Nov 2026 21:37:47 GMT", "etag": "\"9\"", "server": "BaseHTTP/0.6 Python/3.11.7"}', 3);
insert into versions values (1, 1, 1, '2026-05-14T12:00:00.007Z', '2026-05-14T12:00:00.007Z', 'Harbour bridge opens after long repair', null, '[]', null, 'en', null, null, '[]', 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.

Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.

“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.

A second bridge, further up the river, will be closed for inspection in the autumn of next year.', 'd75eaeea8953b430bf48a3f4bebf88aba956f588f260990ba38b6df8763d621d', null, 0, '3', 1, '{"h1": "Harbour bridge opens after long repair", "title": "Harbour bridge opens after long repair"}');
insert into versions values (2, 1, 2, '2026-05-14T14:00:00.016Z', '2026-05-14T14:00:00.021Z', 'Harbour bridge opens after long repair', null, '[]', null, 'en', null, null, '[]', 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.

Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.

“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.

A second bridge, further up the river, will be closed for inspection in the autumn of next year.', '85448824e7d11fe458d5c6e8ec3cbac54b2e21248191cdbaace761b8f33ce088', null, 0, '3', 2, '{"h1": "Harbour bridge opens after long repair", "title": "Harbour bridge opens after long repair"}');
insert into versions values (3, 1, 3, '2026-05-14T18:00:00.044Z', '2026-05-14T20:00:00.058Z', 'We are working on our servers', null, '[]', null, 'en', null, null, '[]', 'Nothing on these pages can be read for the moment, and we ask every reader for some patience.

Our staff replace the machines in the cellar, which takes until the evening according to the plan.

Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.', '9834539f51bdf65ec10e91b83132180269b2fe099ad20c2a03ae26d37cd37509', null, 0, '3', 3, '{"h1": "We are working on our servers", "title": "We are working on our servers"}');
insert into versions values (4, 1, 4, '2026-05-14T22:00:00.067Z', '2026-05-14T22:00:00.072Z', 'Harbour bridge opens after long repair', null, '[]', null, 'en', null, null, '[]', 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.

Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.

“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.

A second bridge, further up the river, will be closed for inspection in the autumn of next year.', '85448824e7d11fe458d5c6e8ec3cbac54b2e21248191cdbaace761b8f33ce088', 2, 0, '3', 2, '{"h1": "Harbour bridge opens after long repair", "title": "Harbour bridge opens after long repair"}');
insert into versions values (5, 1, 5, '2026-05-15T00:00:00.081Z', '2026-05-15T04:00:00.109Z', 'Harbour bridge opens after long repair', null, '[]', null, 'en', null, null, '[]', 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.

Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.

“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.

A second bridge, further up the river, will be closed for inspection in the autumn of this year.

The toll for a crossing is four crowns for cars, and nothing at all for those who walk or cycle.

The council meets again on Thursday to decide about the lights.', 'b057b89a757770f848b07e41a6fecaa420c48de18a75c7884202614e5052db1e', null, 0, '3', 4, '{"h1": "Harbour bridge opens after long repair", "title": "Harbour bridge opens after long repair"}');
insert into fetches values (1, 1, 'https://example.org/news/1', '2026-05-14T12:00:00.007Z', 'new', 200, null, '"0"', null, 664, 54, 1, 1, null, 'body > main > article', null, 0);
insert into fetches values (2, 1, 'https://example.org/news/1', '2026-05-14T14:00:00.016Z', 'edited', 200, null, '"1"', null, 664, 43, 2, 2, null, null, 6845.493, 0);
insert into fetches values (3, 1, 'https://example.org/news/1', '2026-05-14T14:00:00.021Z', 'edited', 200, null, '"1"', null, 664, 4, 2, 2, 2, null, null, 0);
insert into fetches values (4, 1, 'https://example.org/news/1', '2026-05-14T16:00:00.030Z', 'failed', 200, 'the text shares little with the last version', '"2"', null, 527, 44, 3, null, null, null, 6281.609, 1);
insert into fetches values (5, 1, 'https://example.org/news/1', '2026-05-14T16:00:00.035Z', 'failed', 200, 'the text shares little with the last version', '"2"', null, 527, 55, 3, null, 4, null, null, 1);
insert into fetches values (6, 1, 'https://example.org/news/1', '2026-05-14T18:00:00.044Z', 'edited', 200, null, '"2"', null, 527, 57, 3, 3, null, null, 6900.007, 0);
insert into fetches values (7, 1, 'https://example.org/news/1', '2026-05-14T18:00:00.049Z', 'edited', 200, null, '"2"', null, 527, 52, 3, 3, 6, null, null, 0);
insert into fetches values (8, 1, 'https://example.org/news/1', '2026-05-14T20:00:00.058Z', 'unchanged', 200, null, '"2"', null, 527, 44, 3, 3, null, null, 4977.963, 0);
insert into fetches values (9, 1, 'https://example.org/news/1', '2026-05-14T22:00:00.067Z', 'edited', 200, null, '"1"', null, 664, 52, 2, 4, null, null, 3828.75, 0);
insert into fetches values (10, 1, 'https://example.org/news/1', '2026-05-14T22:00:00.072Z', 'edited', 200, null, '"1"', null, 664, 56, 2, 4, 9, null, null, 0);
insert into fetches values (11, 1, 'https://example.org/news/1', '2026-05-15T00:00:00.081Z', 'edited', 200, null, null, null, 884, 42, 4, null, null, null, 3876.397, 0);
insert into fetches values (12, 1, 'https://example.org/news/1', '2026-05-15T00:00:00.086Z', 'edited', 200, null, null, null, 884, 44, 5, null, 11, null, null, 0);
insert into fetches values (13, 1, 'https://example.org/news/1', '2026-05-15T02:00:00.095Z', 'unchanged', 200, 'the difference changes on every fetch: page noise', null, null, 884, 48, 6, null, null, null, 3834.281, 0);
insert into fetches values (14, 1, 'https://example.org/news/1', '2026-05-15T02:00:00.100Z', 'unchanged', 200, 'the difference changes on every fetch: page noise', null, null, 884, 50, 7, null, 13, null, null, 0);
insert into fetches values (15, 1, 'https://example.org/news/1', '2026-05-15T04:00:00.109Z', 'unchanged', 200, null, '"8"', null, 862, 47, 8, 5, null, null, 2958.551, 0);
insert into fetches values (16, 1, 'https://example.org/news/1', '2026-05-15T06:00:00.118Z', 'unchanged', 200, 'a line was replaced by an unrelated one; it counts as an edit if the next check still finds it', '"9"', null, 893, 44, 9, null, null, null, 2010.215, 0);
insert into fetches values (17, 1, 'https://example.org/news/1', '2026-05-15T06:00:00.123Z', 'unchanged', 200, 'a line was replaced by an unrelated one; it counts as an edit if the next check still finds it', '"9"', null, 893, 44, 9, null, 16, null, null, 0);
insert into last_pages values (1, '"8"', null, '{"container_path": "body > main > article", "container": "article", "hash": "bd5d0df8b008bda318cefa6765d73114", "ignored_places": ["71c95c8be7a2"], "extracted_at": "2026-05-15T04:00:00.109Z"}', 8, '3b9089cb32197f7e9b23a96e9bd437c3bafb53822b1e817c4ca210352b9ffb2b');
insert into edits values (1, 1, 1, 2, '2026-05-14T12:00:00.007Z', '2026-05-14T14:00:00.016Z', 'body', 'replace', 'number', '21', '12', 'Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.', 61, 1, null, null, null);
insert into edits values (2, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'headline', 'replace', 'wording', 'Harbour bridge opens after long repair', 'We are working on our servers', 'We are working on our servers', 0, null, null, null, 'h1, title');
insert into edits values (3, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'delete', 'removed', 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.', null, '', 0, 0, null, null, null);
insert into edits values (4, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'delete', 'removed', 'Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.', null, '', 0, 1, null, null, null);
insert into edits values (5, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'delete', 'removed', '“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.', null, '', 0, 2, null, null, null);
insert into edits values (6, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'delete', 'removed', 'A second bridge, further up the river, will be closed for inspection in the autumn of next year.', null, '', 0, 3, null, null, null);
insert into edits values (7, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'insert', 'added', null, 'Nothing on these pages can be read for the moment, and we ask every reader for some patience.', '', 0, 0, null, null, null);
insert into edits values (8, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'insert', 'added', null, 'Our staff replace the machines in the cellar, which takes until the evening according to the plan.', '', 0, 1, null, null, null);
insert into edits values (9, 1, 2, 3, '2026-05-14T14:00:00.021Z', '2026-05-14T18:00:00.044Z', 'body', 'insert', 'added', null, 'Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.', '', 0, 2, null, null, null);
insert into edits values (10, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'headline', 'replace', 'wording', 'We are working on our servers', 'Harbour bridge opens after long repair', 'Harbour bridge opens after long repair', 0, null, null, null, 'h1, title');
insert into edits values (11, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'delete', 'removed', 'Nothing on these pages can be read for the moment, and we ask every reader for some patience.', null, '', 0, 0, null, null, null);
insert into edits values (12, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'delete', 'removed', 'Our staff replace the machines in the cellar, which takes until the evening according to the plan.', null, '', 0, 1, null, null, null);
insert into edits values (13, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'delete', 'removed', 'Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.', null, '', 0, 2, null, null, null);
insert into edits values (14, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'insert', 'added', null, 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.', '', 0, 0, null, null, null);
insert into edits values (15, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'insert', 'added', null, 'Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.', '', 0, 1, null, null, null);
insert into edits values (16, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'insert', 'added', null, '“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.', '', 0, 2, null, null, null);
insert into edits values (17, 1, 3, 4, '2026-05-14T20:00:00.058Z', '2026-05-14T22:00:00.067Z', 'body', 'insert', 'added', null, 'A second bridge, further up the river, will be closed for inspection in the autumn of next year.', '', 0, 3, null, null, null);
insert into edits values (18, 1, 4, 5, '2026-05-14T22:00:00.072Z', '2026-05-15T00:00:00.081Z', 'body', 'replace', 'wording', 'next', 'this', 'A second bridge, further up the river, will be closed for inspection in the autumn of this year.', 86, 3, null, null, null);
insert into edits values (19, 1, 4, 5, '2026-05-14T22:00:00.072Z', '2026-05-15T00:00:00.081Z', 'body', 'insert', 'added', null, 'The toll for a crossing is four crowns for cars, and nothing at all for those who walk or cycle.', '', 0, 4, null, null, null);
insert into edits values (20, 1, 4, 5, '2026-05-14T22:00:00.072Z', '2026-05-15T00:00:00.081Z', 'body', 'insert', 'added', null, 'The council meets again on Thursday to decide about the lights.', '', 0, 5, null, null, null);
insert into sentences values (1, 1, 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.', 1, 3);
insert into sentences values (2, 1, 'Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.', 1, 2);
insert into sentences values (3, 1, '“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.', 1, 3);
insert into sentences values (4, 1, 'A second bridge, further up the river, will be closed for inspection in the autumn of next year.', 1, 3);
insert into sentences values (5, 1, 'Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.', 2, 3);
insert into sentences values (6, 1, 'Nothing on these pages can be read for the moment, and we ask every reader for some patience.', 3, 4);
insert into sentences values (7, 1, 'Our staff replace the machines in the cellar, which takes until the evening according to the plan.', 3, 4);
insert into sentences values (8, 1, 'Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.', 3, 4);
insert into sentences values (9, 1, 'The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.', 4, null);
insert into sentences values (10, 1, 'Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day.', 4, null);
insert into sentences values (11, 1, '“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.', 4, null);
insert into sentences values (12, 1, 'A second bridge, further up the river, will be closed for inspection in the autumn of next year.', 4, 5);
insert into sentences values (13, 1, 'A second bridge, further up the river, will be closed for inspection in the autumn of this year.', 5, null);
insert into sentences values (14, 1, 'The toll for a crossing is four crowns for cars, and nothing at all for those who walk or cycle.', 5, null);
insert into sentences values (15, 1, 'The council meets again on Thursday to decide about the lights.', 5, null);
insert into exclusions values (1, 'example.org', 1, 'volatile', 'Readers now: 41', '{"first": "Readers now: 41", "second": "Readers now: 42", "after": null}', '2026-05-15T00:00:00.086Z', null);
insert into exclusions values (2, 'example.org', 1, 'volatile', 'Readers now: 42', '{"first": "Readers now: 41", "second": "Readers now: 42", "after": null}', '2026-05-15T00:00:00.086Z', null);
insert into exclusions values (3, 'example.org', 1, 'volatile', 'Readers now: 43', '{"first": "Readers now: 43", "second": "Readers now: 44", "after": null}', '2026-05-15T02:00:00.100Z', null);
insert into exclusions values (4, 'example.org', 1, 'volatile', 'Readers now: 44', '{"first": "Readers now: 43", "second": "Readers now: 44", "after": null}', '2026-05-15T02:00:00.100Z', null);
insert into exclusions values (5, 'example.org', 1, 'pending', 'Lanterns along the river', '{"instead_of": ""}', '2026-05-15T06:00:00.123Z', null);
insert into watches values (1, 'https://example.org/feed', 'feed', '2026-05-14T12:00:00.000Z', 'active', null, null, '"7"', null, null, null, null, 0);
insert into hosts values ('example.org', 4.0, 0.4816153531540465, 0, null, null, null, null, null, '2026-05-15T07:00:00.125Z', 1, 1, '2026-05-14T12:00:00.007Z', '2026-05-15T00:00:00.086Z', '2026-05-15T06:00:00.123Z');
insert into version_words (rowid, words) values (1, 'Harbour bridge opens after long repair The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span. Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day. “We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile. A second bridge, further up the river, will be closed for inspection in the autumn of next year.');
insert into version_words (rowid, words) values (2, 'Harbour bridge opens after long repair The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span. Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day. “We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile. A second bridge, further up the river, will be closed for inspection in the autumn of next year.');
insert into version_words (rowid, words) values (3, 'We are working on our servers Nothing on these pages can be read for the moment, and we ask every reader for some patience. Our staff replace the machines in the cellar, which takes until the evening according to the plan. Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.');
insert into version_words (rowid, words) values (4, 'Harbour bridge opens after long repair The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span. Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day. “We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile. A second bridge, further up the river, will be closed for inspection in the autumn of next year.');
insert into version_words (rowid, words) values (5, 'Harbour bridge opens after long repair The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span. Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day. “We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile. A second bridge, further up the river, will be closed for inspection in the autumn of this year. The toll for a crossing is four crowns for cars, and nothing at all for those who walk or cycle. The council meets again on Thursday to decide about the lights.');
insert into removed_words (rowid, words) values (1, 'Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.');
insert into removed_words (rowid, words) values (2, 'Harbour bridge opens after long repair The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span. Repairs cost 12 million crowns, the port authority said, and 12 people worked on the site every day. “We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile. A second bridge, further up the river, will be closed for inspection in the autumn of next year.');
insert into removed_words (rowid, words) values (3, 'We are working on our servers Nothing on these pages can be read for the moment, and we ask every reader for some patience. Our staff replace the machines in the cellar, which takes until the evening according to the plan. Subscribers find the printed newspaper in their letter boxes tomorrow, as on any other morning.');
insert into removed_words (rowid, words) values (4, 'A second bridge, further up the river, will be closed for inspection in the autumn of next year.');
CREATE TRIGGER fetches_inserted after insert on fetches when new.confirms is null begin
    update articles set checks = checks + 1 where id = new.article_id;
end;
CREATE TRIGGER fetches_deleted after delete on fetches when old.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
end;
CREATE TRIGGER fetches_moved after update of article_id on fetches when new.confirms is null begin
    update articles set checks = checks - 1 where id = old.article_id;
    update articles set checks = checks + 1 where id = new.article_id;
end;
CREATE TRIGGER edits_inserted after insert on edits begin 
        update articles set
            edits = edits + 1,
            headline_edits = headline_edits + (new.field = 'headline'),
            silent_edits = silent_edits + (new.disclosed is 0),
            judged_edits = judged_edits + (new.disclosed is not null),
            gap_seconds = gap_seconds + (julianday(new.seen_at) - julianday(new.seen_after)) * 86400
        where id = new.article_id;
end;
CREATE TRIGGER edits_deleted after delete on edits begin 
        update articles set
            edits = edits - 1,
            headline_edits = headline_edits - (old.field = 'headline'),
            silent_edits = silent_edits - (old.disclosed is 0),
            judged_edits = judged_edits - (old.disclosed is not null),
            gap_seconds = gap_seconds - (julianday(old.seen_at) - julianday(old.seen_after)) * 86400
        where id = old.article_id;
end;
CREATE TRIGGER edits_updated after update of article_id, field, disclosed, seen_at, seen_after on edits
begin 
        update articles set
            edits = edits - 1,
            headline_edits = headline_edits - (old.field = 'headline'),
            silent_edits = silent_edits - (old.disclosed is 0),
            judged_edits = judged_edits - (old.disclosed is not null),
            gap_seconds = gap_seconds - (julianday(old.seen_at) - julianday(old.seen_after)) * 86400
        where id = old.article_id; 
        update articles set
            edits = edits + 1,
            headline_edits = headline_edits + (new.field = 'headline'),
            silent_edits = silent_edits + (new.disclosed is 0),
            judged_edits = judged_edits + (new.disclosed is not null),
            gap_seconds = gap_seconds + (julianday(new.seen_at) - julianday(new.seen_after)) * 86400
        where id = new.article_id;
end;
CREATE TRIGGER articles_inserted after insert on articles
begin 
    insert into hosts (host, due_at) values (new.host, (select min(next_check_at) from articles where host = new.host and state in ('active', 'gone', 'finished')))
    on conflict (host) do update set due_at = excluded.due_at; 
    insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')
    on conflict (host) do update set articles = articles + 1, active = active + excluded.active; 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE TRIGGER articles_deleted after delete on articles
begin 
    update hosts set due_at = (select min(next_check_at) from articles where host = old.host and state in ('active', 'gone', 'finished')) where host = old.host; 
    update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host;
end;
CREATE TRIGGER articles_rescheduled after update of next_check_at, state, host on articles
when old.next_check_at is not new.next_check_at or old.state <> new.state or old.host <> new.host
begin 
    insert into hosts (host, due_at) values (new.host, (select min(next_check_at) from articles where host = new.host and state in ('active', 'gone', 'finished')))
    on conflict (host) do update set due_at = excluded.due_at; 
    update hosts set due_at = (select min(next_check_at) from articles where host = old.host and state in ('active', 'gone', 'finished')) where host = old.host and old.host <> new.host;
end;
CREATE TRIGGER articles_moved after update of state, host on articles
when old.state <> new.state or old.host <> new.host
begin 
    update hosts set articles = articles - 1, active = active - (old.state = 'active') where host = old.host; 
    insert into hosts (host, articles, active) values (new.host, 1, new.state = 'active')
    on conflict (host) do update set articles = articles + 1, active = active + excluded.active; 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE TRIGGER articles_checked after update of first_seen_at, changed_at, checked_at on articles
begin 
    update hosts set
        first_seen_at = min(coalesce(first_seen_at, new.first_seen_at), new.first_seen_at),
        changed_at = coalesce(max(changed_at, new.changed_at), changed_at, new.changed_at),
        checked_at = coalesce(max(checked_at, new.checked_at), checked_at, new.checked_at)
    where host = new.host;
end;
CREATE VIEW article_latest as
select a.id, a.url, a.host, a.state, v.number as version, v.headline, v.dek, v.byline,
    v.published_at, v.modified_at, a.first_seen_at, a.checked_at, a.changed_at,
    a.next_check_at, a.next_check_reason, v.body
from articles a
left join versions v on v.article_id = a.id and v.number = a.latest_version;
CREATE VIEW edit_log as
select e.id, e.seen_at, e.seen_after, a.host, v.headline, e.field, e.op, e.kind, e.old, e.new,
    e.disclosed, e.disclosure, e.source, e.context, e.from_version, e.to_version, e.paragraph, a.url, e.article_id
from edits e
join articles a on a.id = e.article_id
join versions v on v.article_id = e.article_id and v.number = e.to_version;
CREATE VIEW sentence_life as
select a.url, s.sentence, s.added_version, added.seen_at as added_at, s.removed_version,
    removed.seen_at as removed_at, s.removed_version is null as current, s.article_id
from sentences s
join articles a on a.id = s.article_id
join versions added on added.article_id = s.article_id and added.number = s.added_version
left join versions removed on removed.article_id = s.article_id and removed.number = s.removed_version;
CREATE VIEW flapping as
with shown as (
    select article_id, number, headline, reverts_to,
        (julianday(coalesce(lead(seen_at) over (partition by article_id order by number), last_seen_at))
            - julianday(seen_at)) * 86400.0 as seconds
    from versions
), reverted as (
    select article_id, count(*) as returns from versions where reverts_to is not null group by article_id
)
select a.url, s.headline, count(*) as times_shown, round(sum(s.seconds), 1) as seconds_shown,
    round(sum(s.seconds) / nullif(sum(sum(s.seconds)) over (partition by s.article_id), 0), 3) as share,
    r.returns, s.article_id
from shown s
join reverted r on r.article_id = s.article_id
join articles a on a.id = s.article_id
group by s.article_id, s.headline;
