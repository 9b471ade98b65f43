"""The stages of a story, one module each; a stage may have two writers: a language model, or rules."""
