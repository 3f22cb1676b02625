"""Narthex: a church's prayer wall, its WeGive and its Planning Center, kept in step."""
