CREATE TABLE accounts (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username  text NOT NULL,
  note      text
);
COMMENT ON COLUMN accounts.username IS 'what the account is called';
CREATE INDEX accounts_by_name ON accounts (username);
CREATE TABLE items (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cost  int NOT NULL DEFAULT 100
);
CREATE INDEX items_by_cost ON items (cost);
INSERT INTO accounts (username) SELECT 'name' || i FROM generate_series(1, 50) i;
INSERT INTO items (cost) SELECT i FROM generate_series(1, 50) i;
