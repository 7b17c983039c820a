"""Who reads questions and who handles them."""

_READ, _HANDLE = "unanswered.read_questions", "unanswered.handle_questions"

PERMISSIONS = {
    "author": [_READ, _HANDLE],
    "translator": [_READ],
    "reviewer": [_READ],
    "publisher": [_READ],
    "analyst": [_READ],
    "auditor": [_READ],
}
