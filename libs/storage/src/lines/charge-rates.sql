-- Charges copies that are about to go to the rates of their limits. One row for each place: in how many ms it may ask again, null where
-- it may go. $1 places  $2 limits, one for each place and limit  $3 modes  $4 recipients  $5 how much later it may be received, in ms
select place, wait_ms, is_rated from charge_rates($1::int[], $2::uuid[], $3::text[], $4::text[], $5::int)
