-- Makes sure that a tenant has settings that can be locked. No row: it had some.
insert into tenant_settings (tenant_id) values ($1) on conflict do nothing returning tenant_id
