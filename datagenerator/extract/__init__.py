"""From the event log to what arrives: deliveries, planted defects, CSV files and the sealed truth."""
