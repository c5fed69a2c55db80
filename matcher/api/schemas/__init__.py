"""What goes in and out of the API, field by field; input and output never share a schema."""
