"""What lists of surveys can be narrowed by."""
