-- Takes a job for the next chunk of its copies to be opened again. No row: another process has it, or all are done.
select mode, position, retrying -> 'statuses' as statuses, retrying ->> 'actor' as actor
from jobs where tenant_id = $1 and id = $2 and retrying is not null for no key update skip locked
