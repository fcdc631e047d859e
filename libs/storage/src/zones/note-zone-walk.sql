-- Notes how far a walk is that the caller holds. No row comes back. $2 the last email  $3 the campaign behind it  $4 its last copy
update zone_walks set email_id = $2, campaign_id = $3, delivery_id = $4 where tenant_id = $1
