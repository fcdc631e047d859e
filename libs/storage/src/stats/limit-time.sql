-- Statements of this transaction that take longer are ended by the server. Always one row. $1 milliseconds
select set_config('statement_timeout', $1, true) as set
