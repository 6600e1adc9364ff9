"""Answers to our own scripts: JSON, with the reason of a refusal as a code and as a sentence."""

from django.http import JsonResponse


def wants_json(request) -> bool:
    """Was this asked by one of our scripts, and not by somebody opening a page?"""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(reason: str, sentence: str, *, status: int) -> JsonResponse:
    """`reason` is what the script goes by, `sentence` what it shows."""
    return JsonResponse({"reason": reason, "sentence": str(sentence)}, status=status)
