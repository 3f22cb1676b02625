"""The push_daily_batch function."""
