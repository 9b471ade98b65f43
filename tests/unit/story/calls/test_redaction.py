"""Keys and passwords in texts: none of them is shown, and no other word is changed."""

from __future__ import annotations

import pytest

from vtx_app.story.calls.redaction import Secrets


@pytest.mark.parametrize("key", ["test", "placeholder", "ollama", "lighthousekeeper", "none", "EMPTY"])
def test_a_key_that_may_be_a_word_stays_in_stories(key: str) -> None:
    story = f"The latest {key}s of {key}: protest, {key.upper()} and {key}."
    assert Secrets(key).remove(story) == story


@pytest.mark.parametrize(
    "key", ["sk-0123456789abcdef", "0123456789abcdef0123", "local-key-of-mine-1", "a_b_c_d_e_f_g_h_i"]
)
def test_a_key_that_is_no_word_is_removed_everywhere(key: str) -> None:
    assert Secrets(key).remove(f"a{key}b {key}") == "a[key]b [key]"
    assert Secrets(key).scrub(f"a{key}b") == "a[key]b"


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("test", "the latest test failed: contest", "the latest [key] failed: contest"),
        ("placeholder", "placeholders are not placeholder", "placeholders are not [key]"),
        ("oak", "soak the oak's key 'oak'", "soak the [key]'s key '[key]'"),
        ("a.b", "a.b axb", "[key] axb"),
        ("", "nothing", "nothing"),
    ],
)
def test_messages_hide_whole_tokens(key: str, text: str, shown: str) -> None:
    assert Secrets(key, None).scrub(text) == shown
