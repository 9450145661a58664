"""The text core: Markdown to safe HTML and canonical plain text, anchors, differences, merges."""
