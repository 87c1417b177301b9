CREATE TABLE decisions (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    pair TEXT NOT NULL,
    side TEXT NOT NULL,
    tier TEXT,
    cause TEXT NOT NULL,
    first_at_ns BIGINT NOT NULL,
    last_at_ns BIGINT NOT NULL,
    times BIGINT NOT NULL,
    intent_id TEXT,
    rules_digest TEXT NOT NULL,
    topic TEXT NOT NULL,
    digest TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE fill_shares (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    position BIGINT NOT NULL,
    lot_id TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal, position)
);

CREATE TABLE fills (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    venue TEXT NOT NULL,
    venue_trade_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    instrument TEXT NOT NULL,
    side TEXT NOT NULL,
    amount TEXT NOT NULL,
    price TEXT NOT NULL,
    fee TEXT NOT NULL,
    fee_asset TEXT NOT NULL,
    venue_at_ns BIGINT NOT NULL,
    received_at_ns BIGINT NOT NULL,
    PRIMARY KEY (run_id, ordinal),
    UNIQUE (account, venue, venue_trade_id)
);

CREATE TABLE halts (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    strength TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    at_ns BIGINT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE incomes (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    venue TEXT NOT NULL,
    income_id TEXT NOT NULL,
    instrument TEXT NOT NULL,
    received TEXT NOT NULL,
    asset TEXT NOT NULL,
    at_ns BIGINT NOT NULL,
    lots TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal),
    UNIQUE (account, venue, income_id)
);

CREATE TABLE lots (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    pair TEXT NOT NULL,
    tier TEXT,
    side TEXT NOT NULL,
    rules_digest TEXT NOT NULL,
    target TEXT,
    opened_at_ns BIGINT NOT NULL,
    rates TEXT NOT NULL,
    legs TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal),
    UNIQUE (account, lot_id)
);

CREATE TABLE notices (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    pair TEXT NOT NULL,
    mode TEXT NOT NULL,
    at_ns BIGINT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE orders (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    order_id TEXT NOT NULL,
    intent_id TEXT NOT NULL,
    leg BIGINT NOT NULL,
    instrument TEXT NOT NULL,
    side TEXT NOT NULL,
    amount TEXT NOT NULL,
    limit_price TEXT,
    cost TEXT,
    time_in_force TEXT NOT NULL,
    reduce_only BOOLEAN NOT NULL,
    at_ns BIGINT NOT NULL,
    PRIMARY KEY (run_id, ordinal),
    UNIQUE (account, order_id)
);

CREATE TABLE outcomes (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    order_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    filled TEXT,
    cost TEXT,
    final BOOLEAN,
    code TEXT,
    message TEXT,
    at_ns BIGINT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

CREATE TABLE rulebooks (
    run_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    rules_digest TEXT NOT NULL,
    source_digest TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal),
    UNIQUE (rules_digest, source_digest)
);

CREATE TABLE runs (
    number BIGSERIAL NOT NULL,
    run_id TEXT NOT NULL,
    strategy TEXT NOT NULL,
    account TEXT NOT NULL,
    mode TEXT NOT NULL,
    rules_digest TEXT NOT NULL,
    assumptions_digest TEXT NOT NULL,
    dataset_digest TEXT,
    from_ns BIGINT,
    until_ns BIGINT,
    started_at_ns BIGINT NOT NULL,
    ended_at_ns BIGINT,
    ended TEXT,
    PRIMARY KEY (number),
    UNIQUE (run_id)
);

CREATE TABLE ledger_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT ledger_version_pkc PRIMARY KEY (version_num)
);

INSERT INTO ledger_version VALUES ('0001');
