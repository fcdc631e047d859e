-- Lists an edited email, whose copies the caller holds locked, under its tags. No row comes back.
-- $1 tenant  $2 mode  $3 email  $4 tags as they were  $5 as they are
with gone as (
  delete from email_tags t using jsonb_each_text($4::jsonb) tag
  where t.tenant_id = $1 and t.mode = $2 and t.name = tag.key and t.value = tag.value and t.email_id = $3
    and not $5::jsonb @> jsonb_build_object(tag.key, tag.value)
)
insert into email_tags (tenant_id, mode, name, value, email_id)
select $1, $2, tag.key, tag.value, $3 from jsonb_each_text($5::jsonb) tag on conflict do nothing
