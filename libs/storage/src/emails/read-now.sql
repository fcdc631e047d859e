-- What time it is, for decisions that a transaction makes. Always one row.
select extract(epoch from clock_now())::float8 * 1000 as now_ms
