"""The types of columns: each turns a cell's text into a value, or says what is wrong with it."""
