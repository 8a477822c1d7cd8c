-- Accounts by what somebody calls them, for customers who help themselves.
CREATE INDEX identity_value ON identity (value_folded);
CREATE INDEX identity_handle ON identity (LOWER(handle));
