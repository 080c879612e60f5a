"""What lists of the ground floor can be narrowed by."""
