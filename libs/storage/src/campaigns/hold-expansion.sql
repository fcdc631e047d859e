-- Takes a campaign for the next chunk of its copies. No row: another process has it, or all its copies are made.
select position, last_place, moving, script, parent_id from campaigns where tenant_id = $1 and email_id = $2 and expanding for no key update skip locked
