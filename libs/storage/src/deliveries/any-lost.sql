-- Whether a grant ran out, so that a reclaim may find something. Always one row.
select exists (select from claims where grant_until < clock_statement() - interval '1 second') as lost
