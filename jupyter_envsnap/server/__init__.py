"""HTTP: the extension application, its handlers and the OpenAPI document."""
