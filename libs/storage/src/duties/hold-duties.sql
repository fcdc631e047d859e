-- Says that the holder of duties lives, and answers who holds which. A duty that is missing was never held.
-- $1 names  $2 who asks
with mine as (
  update duties set seq = seq + 1 where name = any ($1::text[]) and holder = $2 returning name, holder, term, seq
)
select name, holder, term::text, seq::text from mine
union all
select name, holder, term::text, seq::text from duties where name = any ($1::text[]) and holder <> $2
