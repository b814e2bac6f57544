"""Pictures that the server draws: geometry here, shapes in templates, colours in CSS."""
