"""What schemathesis takes for a failure although the API means it: reports of it are left out.

As Django REST framework does, restkit reads `"5"` for a number, `1` for a boolean and `5` for a
text; schemathesis does not know OpenAPI's allowEmptyValue, nor that one text in a URL is a list
too; no schema can say which keys exist, which values are taken and what checks of the database
refuse; and a form has no way to say null.
"""

import json
import re
from unicodedata import category

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.jsonschema import make_validator
from schemathesis.openapi.checks import RejectedPositiveData

BOOLEANS = {"t": True, "y": True, "yes": True, "true": True, "on": True, "1": True}
BOOLEANS |= {"f": False, "n": False, "no": False, "false": False, "off": False, "0": False}

# What the rows that exist, or checks of the database alone, have to do with a refusal.
ABOUT_ROWS = re.compile(
    r"Invalid pk .* - object does not exist\.|with this .* already exists\.|must make a unique set\."
    r"|(The values break|This value breaks) a rule of the database\."
    r"|Select a valid choice\. That choice is not one of the available choices\."
)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if isinstance(failure, AcceptedNegativeData):
        return not (is_valid_when_read_leniently(case) or is_valid_on_the_wire(case))
    if isinstance(failure, RejectedPositiveData):
        is_ours = is_only_about_rows(response) or is_no_form(case) or breaks_a_format(case)
        return not is_ours
    return True


def is_only_about_rows(response):
    if response.status_code != 400:
        return False
    if response.headers["content-type"][0] != "application/json":
        return True  # a page says it in other words
    return all(map(ABOUT_ROWS.search, texts(response.json())))


def is_no_form(case):
    """Whether a form was made of what cannot be sent as one: null, or control characters in names."""
    if "form" not in (case.media_type or "") or not isinstance(case.body, dict):
        return False
    names = "".join(case.body)
    return None in case.body.values() or any(category(letter) == "Cc" for letter in names)


def texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [str(value)]


def breaks_a_format(case):
    """Whether it is not valid data after all: schemathesis leaves formats out beside null."""
    if not isinstance(case.body, dict):
        return False
    schema = case.operation.get_body_for_media_type(case.media_type).optimized_schema
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return not validator.is_valid(case.body)


def is_valid_when_read_leniently(case):
    if case.meta is None or not isinstance(case.body, dict):
        return False
    places = case.meta.components.items()
    if any(part.mode.is_negative for place, part in places if place.name != "BODY"):
        return False
    body = case.operation.get_body_for_media_type(case.media_type)
    schema = body.optimized_schema
    properties = resolve(schema, schema).get("properties", {})
    read = {
        name: leniently(value, resolve(properties.get(name, {}), schema))
        for name, value in case.body.items()
    }
    validator = make_validator(schema, case.operation.schema.adapter.jsonschema_validator_cls)
    return validator.is_valid(read)


def is_valid_on_the_wire(case):
    """Whether only a query was to be wrong, and what became of it in the URL is right."""
    if case.meta is None:
        return False
    places = case.meta.components.items()
    if any(part.mode.is_negative for place, part in places if place.name != "QUERY"):
        return False
    declared = {parameter.name: parameter.definition for parameter in case.operation.query}
    return all(
        is_right_parameter(value, declared[name])
        for name, value in (case.query or {}).items()
        if name in declared
    )


def is_right_parameter(value, parameter):
    schema = parameter["schema"]
    if value == "" and parameter.get("allowEmptyValue"):
        return True
    if schema.get("type") == "array" and isinstance(value, str):
        value = [leniently(item, schema["items"]) for item in value.split(",")]
    format_checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=format_checker)
    return validator.is_valid(leniently(value, schema))


def leniently(value, schema):
    """The value as the API reads it where a value of this schema is wanted."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if "string" in kinds:
        if is_number:
            return json.dumps(value)
        return value.strip() if isinstance(value, str) else value
    if "boolean" in kinds and (is_number or isinstance(value, str)):
        return BOOLEANS.get(str(value).lower(), value)
    if ("integer" in kinds or "number" in kinds) and isinstance(value, str):
        try:
            return json.loads(value.strip())
        except ValueError:
            return value
    return value


def resolve(schema, root):
    while isinstance(schema, dict) and "$ref" in schema:
        place = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        schema = place
    return schema if isinstance(schema, dict) else {}
