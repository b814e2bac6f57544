"""What goes in and out of calls, field by field: checked on the way in, described in the OpenAPI document."""
