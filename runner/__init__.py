"""`make run`: web, worker, beat, broker and mail catcher as one foreground command.

The runner is plain Python and never imports the application it starts.
"""
