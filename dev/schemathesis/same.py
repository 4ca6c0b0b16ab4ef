"""Whether the YAML on standard input is the JSON document of the file that is named."""

import json
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    expected = json.load(file)
if yaml.safe_load(sys.stdin) != expected:
    sys.exit("the document as YAML differs from the one that the server gives as JSON")
