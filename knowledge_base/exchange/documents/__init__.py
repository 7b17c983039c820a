"""Documents as drafts for entries: PDF, DOCX and HTML split into passages, each with its headings, page and paragraphs."""
