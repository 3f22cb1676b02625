"""The register_organization function."""
