-- Takes a duty that was never held, or as it was last seen: given back, or with a holder that has fallen silent.
-- No row: somebody was faster, or its holder lives. $1 name  $2 who takes it  $3 term seen  $4 seq seen
insert into duties (name, holder, term, seq) values ($1, $2, 1, 0)
on conflict (name) do update set holder = excluded.holder, term = duties.term + 1, seq = duties.seq + 1
  where duties.term = $3::bigint and duties.seq = $4::bigint
returning term::text
