CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint, number text, total int);
INSERT INTO customers SELECT i, 'customer ' || i FROM generate_series(1, 100) i;
INSERT INTO orders (customer_id, number, total) SELECT 1 + i % 100, 'A' || i, i FROM generate_series(1, 5000) i;
