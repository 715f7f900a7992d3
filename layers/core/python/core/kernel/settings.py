"""The configuration of a function: environment variables.

The template gives each function only the variables that its operations need, the keys above all. So each is read when
it is first needed, and one that is missing there is an error that names it. `tests/rights.py` holds every function of
the tests to the variables that the template gives it.
"""

import os
from functools import cache

#: The least cost of bcrypt that people's passwords get.
LEAST_PRODUCTION_COST = 12


def _optional(name: str) -> str | None:
    return os.environ.get(name) or None


def _required(name: str) -> str:
    value = _optional(name)
    if value is None:
        raise RuntimeError(
            f"The environment variable {name} is not set. template.yaml sets it for each function that needs it; "
            "sam local takes it from --env-vars."
        )
    return value


def _key(purpose: str, name: str) -> bytes:
    """A key for one purpose. The purpose goes into it, so that equal secrets would still be different keys."""
    return f"{purpose}:{_required(name)}".encode()


class Settings:
    """What a deployment decides. What a function was not given raises RuntimeError, which names the variable."""

    @property
    def stage(self) -> str:
        """The API's stage: `dev` or `prod`."""
        return _required("STAGE")

    @property
    def region(self) -> str:
        """The region of AWS; Lambda sets it."""
        return _required("AWS_REGION")

    @property
    def dynamodb_endpoint(self) -> str | None:
        """Where the table is; None on AWS."""
        return _optional("AWS_ENDPOINT_URL_DYNAMODB") or _optional("AWS_ENDPOINT_URL")

    @property
    def public_origin(self) -> str:
        """Where people reach the API: scheme and host, and a port if it has one."""
        return _required("PUBLIC_ORIGIN").rstrip("/")

    @property
    def frontends(self) -> list[str]:
        """The origins of pages elsewhere that may send requests with a cookie, as the deployment orders them."""
        named = (_optional("TRUSTED_ORIGINS") or "").split(",")
        return list(filter(None, (each.strip().rstrip("/") for each in named)))

    @property
    def trusted_origins(self) -> frozenset[str]:
        """The origins of pages that may send requests with a cookie."""
        return frozenset({self.public_origin, *self.frontends})

    @property
    def sign_in_origin(self) -> str:
        """Where people sign in: at the first frontend, or where the API is if the deployment names none."""
        return next(iter(self.frontends), self.public_origin)

    @property
    def default_organization(self) -> str | None:
        """The school whose public pages are shown at a host that is no school's; None where each has to be named."""
        return _optional("DEFAULT_ORGANIZATION_ID")

    @property
    def secure(self) -> bool:
        """Whether the public origin is https, which decides the cookie's name and `Secure`."""
        return self.public_origin.startswith("https://")

    @property
    def hash_cost(self) -> int:
        """The cost of bcrypt.

        Raises:
            RuntimeError: it is out of range.
        """
        cost = int(_required("HASH_COST"))
        if not 4 <= cost <= 16:
            raise RuntimeError("HASH_COST must lie between 4 and 16.")
        return cost

    @property
    def pepper(self) -> bytes:
        """The key that goes into every hash of a password. Another one makes every password unusable."""
        return _key("pepper", "PASSWORD_KEY")

    @property
    def cursor_key(self) -> bytes:
        """The key of cursors, for lists that not everybody may see."""
        return _key("cursor", "CURSOR_KEY")

    @property
    def link_key(self) -> bytes:
        """The key that the secrets in mailed links are made with."""
        return _key("link", "LINK_KEY")

    @property
    def throttle_key(self) -> bytes:
        """The key that hides addresses and sources among the throttles."""
        return _key("throttle", "THROTTLE_KEY")

    @property
    def import_key(self) -> bytes:
        """The key that seals the passwords of a file while its rows wait for workers."""
        return _key("import", "IMPORT_KEY")

    @property
    def mail_sender(self) -> str:
        """The verified address that mails come from."""
        return _required("MAIL_SENDER")

    @property
    def mail_configuration(self) -> str | None:
        """The configuration set of SES that reports bounces and complaints; a local cloud may have none."""
        return _optional("MAIL_CONFIGURATION")

    @property
    def mails_per_second(self) -> float:
        """How many mails SES takes of this account in a second."""
        return float(_required("MAILS_PER_SECOND"))

    @property
    def urgent_mails_url(self) -> str:
        """The queue of the mails that somebody waits for."""
        return _required("URGENT_MAILS_URL")

    @property
    def bulk_mails_url(self) -> str:
        """The queue of the mails of operations that do something to many at once."""
        return _required("BULK_MAILS_URL")

    @property
    def bucket_name(self) -> str:
        """Where files are kept."""
        return _required("BUCKET_NAME")

    @property
    def import_queue_url(self) -> str:
        """The queue of the chunks of imports."""
        return _required("IMPORT_QUEUE_URL")

    @property
    def pictures_function(self) -> str:
        """The function that draws pictures anew."""
        return _required("PICTURES_FUNCTION")


def _require_production(of: Settings) -> None:
    """Refuses to work for real people with what is only good for tests; the template can't tell http from https.

    Raises:
        RuntimeError: names the variable.
    """
    if not of.secure:
        raise RuntimeError("PUBLIC_ORIGIN must begin with https:// when STAGE is prod.")
    if _optional("HASH_COST") and of.hash_cost < LEAST_PRODUCTION_COST:
        raise RuntimeError(f"HASH_COST must be at least {LEAST_PRODUCTION_COST} when STAGE is prod.")


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        RuntimeError: it is production and is set up like a test.
    """
    found = Settings()
    if found.stage == "prod":
        _require_production(found)
    return found
