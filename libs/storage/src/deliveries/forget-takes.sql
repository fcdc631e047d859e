-- Forgets what senders began to work on so long ago that no claim of it can be lost any more. No row comes back. $1 seconds
delete from takes where at < clock_statement() - $1::float8 * interval '1 second'
