"""Floor 3, the read side: what each page shows, one function per page, in a number of queries that does not grow.

What a person may not read is filtered here, in the query, so that pages, letters, documents and the API agree.
"""
