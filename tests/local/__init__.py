"""Tests of what runs on the developer's machine: tools, builds, background programs."""
