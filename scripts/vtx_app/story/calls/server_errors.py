"""Turn a server's error, or its silence, into one line that tells the person what to do.

By https://developers.openai.com/api/docs/guides/error-codes and what other servers do (:mod:`.ladder`). A line quotes
the server's own words, cut to 300 characters, and never holds a secret or the request's text. It says "later" only
where waiting helps.
"""

from __future__ import annotations

from vtx_app.errors import StoryError
from vtx_app.story.calls.failures import Failure
from vtx_app.story.calls.ladder import is_no_endpoint, is_no_model, is_no_quota, is_policy
from vtx_app.story.calls.redaction import Secrets
from vtx_app.story.calls.server_words import one_line
from vtx_app.text import plural

__all__ = ["connection_error", "failure_error", "is_certificate_fault", "may_pass", "timeout_error", "unreadable_error"]

_UNREACHABLE = frozenset(("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol", "LocalProtocolError"))
_RETRY = "Run the build again later: the answers received so far are kept"
_BASE_URL = "Check OPENAI_BASE_URL: it usually ends in /v1"


def may_pass(failure: Failure) -> bool:
    """Whether the same request may be answered later: what OpenAI's SDK repeats, but nothing that is settled."""
    if failure.too_long or any(each(failure) for each in (is_no_quota, is_policy, is_no_model, is_no_endpoint)):
        return False
    if failure.again is not None:
        return failure.again
    return (
        failure.status == 200
        or failure.status in (408, 409, 425, 429)
        or (failure.status >= 500 and failure.status != 501)
    )


def failure_error(failure: Failure, host: str, model: str, endpoint: str) -> StoryError:
    """The meaning of a failure; ``fatal`` if every other call would fail as well."""
    status, quote = failure.status, failure.quote
    code = "" if status == 200 else f" ({status})"
    if is_policy(failure):
        return StoryError(f"{host} excludes the model {model!r}{code}: {quote}. Change that setting there", fatal=True)
    if is_no_quota(failure):
        text = f"{host}: the account has no quota left{code}: {quote}"
        return StoryError(f"{text}. Add credit or raise its limit. {_RETRY}", fatal=True)
    if is_no_model(failure):
        text = f"{host} has no model {model!r} for this key{code}: {quote}"
        return StoryError(f"{text}. Name another: VTX_STORY_MODEL, or story.model in metadata.yaml", fatal=True)
    if status == 401:
        text = f"{host} rejects the key in OPENAI_API_KEY (401): {quote}"
        return StoryError(f"{text}. Set the right one in the environment or in config/global.env", fatal=True)
    if status == 403:
        advice = "Ask for access there, or use another key, project or model"
        return StoryError(f"{host} denies access (403): {quote}. {advice}", fatal=True)
    if is_no_endpoint(failure):
        what = f"answers {endpoint} with a web page" if failure.page else f"has no {endpoint}"
        return StoryError(f"{host} {what}{code}: {quote}. {_BASE_URL}", fatal=True)
    if status == 429:
        return StoryError(f"{host} limits the rate of calls (429): {quote}. {_RETRY}")
    if status >= 500 or status == 408:
        return StoryError(f"{host} has an internal error ({status}): {quote}. {_RETRY}")
    if status == 200:
        return StoryError(f"{host} reports an error instead of an answer: {quote}. {_RETRY}")
    return StoryError(f"{host} rejects the request ({status}): {quote}")


def unreadable_error(host: str, problem: str) -> StoryError:
    """What arrived can't be read, in any form in which the question was asked."""
    return StoryError(f"{host} sent an answer in a form that VTX can't read: {problem}")


def is_certificate_fault(error: BaseException | None) -> bool:
    """Whether ``error`` comes of a certificate that can't be verified, or of a server that speaks no TLS."""
    while error is not None:
        if "CERTIFICATE_VERIFY_FAILED" in str(error) or "WRONG_VERSION_NUMBER" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def connection_error(error: Exception, host: str, secrets: Secrets, tries: int) -> StoryError:
    """The meaning of no answer, or half of one, in ``tries`` tries."""
    cause = error.__cause__ or error
    reason = one_line(secrets.scrub(str(cause)), 200).rstrip(".") or type(cause).__name__
    if "WRONG_VERSION_NUMBER" in reason:
        return StoryError(f"{host} speaks no TLS: {reason}. Write http:// in OPENAI_BASE_URL", fatal=True)
    if is_certificate_fault(error):
        advice = "Set SSL_CERT_FILE to a file with the certificate of whoever signed it"
        return StoryError(f"the certificate of {host} can't be verified: {reason}. {advice}", fatal=True)
    if type(cause).__name__ in _UNREACHABLE:
        return StoryError(f"{host} can't be reached: {reason}. Check the network and OPENAI_BASE_URL", fatal=True)
    return StoryError(f"{host} broke off ({plural(tries, 'try', 'tries')}): {reason}. {_RETRY}")


def timeout_error(host: str, tries: int, seconds: float) -> StoryError:
    """No answer within the time of a try, or of all of them."""
    after = plural(tries, "try", "tries")
    advice = "VTX_STORY_TIMEOUT gives a slow server more seconds for each answer"
    return StoryError(f"{host} did not answer within {seconds:g} s ({after}). {_RETRY}; {advice}")
