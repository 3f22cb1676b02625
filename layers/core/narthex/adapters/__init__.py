"""The only place that knows a vendor: Planning Center, WeGive, AWS, the system clock."""
