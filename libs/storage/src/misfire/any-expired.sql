-- Whether the instant of any email has come after which nothing of it may be sent. Always one row.
select exists (select from expiring where expires_at <= clock_statement()) as due
