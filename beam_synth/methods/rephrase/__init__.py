"""A passage in another form: an FAQ, a maths problem, a table with a question, a tutorial."""
