-- A name for each table that no other one's name contains: by it the server's log is told apart
CREATE TABLE badges (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL UNIQUE);
CREATE TABLE tariffs (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  amount  int NOT NULL
);
CREATE INDEX tariffs_by_amount ON tariffs (amount);
CREATE TABLE zones (id int PRIMARY KEY, name text);
CREATE TABLE fares (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code  int UNIQUE CHECK (code > 0),
  note  text
);
CREATE TABLE tolls (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, zone int DEFAULT 1 REFERENCES zones);
CREATE TABLE parcels (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, price numeric(10,2) NOT NULL, pieces int NOT NULL);
CREATE TABLE letters (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
CREATE TABLE persons (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL);
GRANT SELECT (full_name) ON persons TO PUBLIC;
CREATE TABLE streets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, road text, house text);
GRANT SELECT (road), UPDATE (house) ON streets TO PUBLIC;
CREATE TABLE hosts (id bigint PRIMARY KEY);
CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, host bigint);
CREATE TABLE rides (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, host bigint);
CREATE TABLE shelves (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room text);
CREATE TABLE ticks (id bigint NOT NULL, day int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE ticks_1 PARTITION OF ticks FOR VALUES FROM (0) TO (30);
CREATE TABLE ticks_2 PARTITION OF ticks FOR VALUES FROM (30) TO (60);
CREATE TABLE boxes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, seal text);
CREATE TABLE cups (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, size int);
CREATE TABLE dishes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, glaze text);
CREATE TABLE forks (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  drawer  int NOT NULL REFERENCES zones
);
CREATE TABLE knives (id bigint PRIMARY KEY, rack int REFERENCES zones);
INSERT INTO zones SELECT i, 'zone ' || i FROM generate_series(1, 9) i;
INSERT INTO badges (label) SELECT 'label ' || i FROM generate_series(1, 50) i;
INSERT INTO tariffs (amount) SELECT 1 + i FROM generate_series(1, 50) i;
INSERT INTO tolls (zone) SELECT 1 + i % 9 FROM generate_series(1, 50) i;
INSERT INTO fares (code) SELECT i FROM generate_series(1, 50) i;
INSERT INTO parcels (price, pieces) SELECT i / 100.0, i FROM generate_series(1, 50) i;
INSERT INTO letters (note) SELECT 'note ' || i FROM generate_series(1, 50) i;
INSERT INTO persons (full_name) SELECT 'Ann Smith' || i FROM generate_series(1, 50) i;
INSERT INTO streets (road, house) SELECT 'road', '' || i FROM generate_series(1, 50) i;
INSERT INTO hosts SELECT i FROM generate_series(1, 9) i;
INSERT INTO visits (host) SELECT 1 + i % 9 FROM generate_series(1, 50) i;
INSERT INTO rides (host) SELECT 1 + i % 20 FROM generate_series(1, 50) i;
INSERT INTO shelves (room) SELECT 'room ' || i FROM generate_series(1, 50) i;
INSERT INTO ticks SELECT i, i FROM generate_series(1, 50) i;
INSERT INTO boxes (seal) SELECT 'seal ' || i FROM generate_series(1, 50) i;
INSERT INTO cups (size) SELECT i FROM generate_series(1, 50) i;
INSERT INTO dishes (glaze) SELECT 'blue' FROM generate_series(1, 50) i;
INSERT INTO forks (drawer) SELECT 1 + i % 9 FROM generate_series(1, 50) i;
INSERT INTO knives SELECT i, 1 + i % 9 FROM generate_series(1, 50) i;
ANALYZE;
