"""Prints template.yaml as CloudFormation gets it, after SAM's transform, for the release that is the argument.

It runs in the environment of the sam tool, which holds the very translator that `sam validate` uses and wants other
versions of our libraries.
"""

import json
import sys

from boto3 import Session
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tools.sam_template import template

_REGION = "ap-southeast-3"


def main() -> None:
    """Prints the translation as JSON."""
    # Through JSON, because what YAML's anchors share must not be changed twice.
    copy = json.loads(json.dumps(template()))
    for resource in copy["Resources"].values():
        for folder in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            resource["Properties"][folder] = "s3://bucket/what-sam-build-made"
    # Without a list of AWS's managed policies, which only AWS could give: the template names none.
    translator = Translator({}, Parser(), boto_session=Session(region_name=_REGION))
    json.dump(translator.translate(copy, {"Release": sys.argv[1]}), sys.stdout, indent=1)


main()
