"""Tables out of tables: bronze, silver and gold."""
