"""The storyboard on paper: six panels a page as a PDF, and a contact sheet."""
