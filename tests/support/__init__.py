"""The real world the tests run in: servers, databases, jobs, a mail sink and a browser."""
