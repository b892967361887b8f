CREATE TABLE users (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text,
  legacy_flag text NOT NULL
);
CREATE TABLE audit_2019 (id bigint PRIMARY KEY, note text);
INSERT INTO audit_2019 SELECT i, 'note ' || i FROM generate_series(1, 100) i;
