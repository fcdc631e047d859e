-- The schema as statements, in an order that depends on nothing but names. Always some rows: a schema without tables is none.
with relation as (
  select c.oid, c.relname as name, c.reloptions as options, c.relkind = 'p' as is_partitioned, c.relrowsecurity as has_policies
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and not c.relispartition -- these come and go with the days
    and c.relname not like '%migrations%'
),
columns as (
  select a.attrelid as oid, string_agg(concat_ws(' ', '  ' || quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
      case when a.attidentity <> '' then 'generated always as identity' else 'default ' || pg_get_expr(d.adbin, d.adrelid) end,
      case when a.attnotnull then 'not null' end,
      case when a.attstorage <> t.typstorage then '/* stored ' || case a.attstorage when 'e' then 'external' when 'm' then 'main' when 'x' then 'extended' else 'plain' end || ' */' end), E',\n' order by a.attnum) as text
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped group by a.attrelid
),
constraints as (
  -- Since Postgres 18 NOT NULL is a constraint, too ('n'): it stands with its column.
  select c.conrelid as oid, string_agg(format('  constraint %I %s', c.conname, pg_get_constraintdef(c.oid)), E',\n' order by c.contype desc, c.conname) as text
  from pg_constraint c where c.contype in ('p', 'u', 'c', 'f', 'x') group by c.conrelid
),
statement as (
  select 1 as part, p.proname::text as name, '' as within, rtrim(pg_get_functiondef(p.oid), E' \n') as text
  from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all
  select 2, r.name, '', format(E'create table %I (\n%s\n)%s', r.name, concat_ws(E',\n', columns.text, constraints.text),
    concat(' partition by ' || case when r.is_partitioned then pg_get_partkeydef(r.oid) end, ' with (' || array_to_string(r.options, ', ') || ')',
      case when r.has_policies then ' /* row level security */' end))
  from relation r join columns using (oid) left join constraints using (oid)
  union all
  select 2, r.name, i.relname, pg_get_indexdef(x.indexrelid)
  from relation r join pg_index x on x.indrelid = r.oid join pg_class i on i.oid = x.indexrelid
  where not exists (select from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x'))
  union all
  select 2, r.name, t.tgname, pg_get_triggerdef(t.oid, true) from relation r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
  union all
  select 2, r.name, p.polname, format('create policy %I on %I using (%s)%s', p.polname, r.name, pg_get_expr(p.polqual, p.polrelid),
    ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
  from relation r join pg_policy p on p.polrelid = r.oid
)
select text || ';' as text from statement order by part, name, within
