-- Since when a tenant is frozen: none of its users is deleted. NULL: it is not.
ALTER TABLE tenants ADD COLUMN frozen_at INTEGER;
