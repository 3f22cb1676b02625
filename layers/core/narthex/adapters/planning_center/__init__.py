"""Planning Center: People 2025-11-10 and Giving 2019-10-18."""
