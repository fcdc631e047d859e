-- Gives duties back at a clean stop, so that nobody waits for them: they belong to nobody ($2). No row comes back. $1 who held them
update duties set holder = $2, seq = seq + 1 where holder = $1
