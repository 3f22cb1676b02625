"""What must hold for every resource of template.yaml, whoever adds it."""

from __future__ import annotations

import re

import pytest

from local.descriptions import DYNAMODB_OPERATIONS
from local.layer import BOTOCORE_SERVICES
from tests.architecture.house import (
    ROOT,
    actions_of,
    as_list,
    folder_of,
    functions,
    resources,
    statements,
    template,
)

TABLES_THAT_REFILL_BY_THEMSELVES = {"RateLimitsTable"}


@pytest.mark.parametrize("name", resources("AWS::Serverless::LayerVersion"))
def test_a_layer_is_built_for_the_processor_that_runs_it(name: str) -> None:
    layer = resources("AWS::Serverless::LayerVersion")[name]

    assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": "arm64"}
    assert layer["Properties"]["CompatibleArchitectures"] == ["arm64"]


def test_production_is_arm64_on_one_python() -> None:
    shared = template()["Globals"]["Function"]

    assert shared["Architectures"] == ["arm64"]
    assert shared["Runtime"] == "python3.13"
    assert shared["Layers"] == [{"Ref": "DependenciesLayer"}, {"Ref": "CoreLayer"}]


@pytest.mark.parametrize("name", functions())
def test_a_function_is_its_folder(name: str) -> None:
    makefile = (ROOT / "functions" / "Makefile").read_text(encoding="utf-8")

    assert f"build-{name}:\n\tcp {folder_of(name)}/handler.py $(ARTIFACTS_DIR)\n" in makefile
    assert {path.name for path in (ROOT / "functions" / folder_of(name)).iterdir()} - {"__pycache__"} <= {
        "__init__.py",
        "handler.py",
    }


def test_a_folder_of_functions_is_a_function() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert folders == {folder_of(name) for name in functions()}


@pytest.mark.parametrize("name", functions())
def test_a_function_logs_json_into_a_group_with_an_end(name: str) -> None:
    logging = functions()[name]["LoggingConfig"]
    group = resources("AWS::Logs::LogGroup")[logging["LogGroup"]["Ref"]]["Properties"]

    assert logging["LogFormat"] == "JSON"
    assert group["RetentionInDays"] > 0
    assert group["KmsKeyId"] == {"Fn::GetAtt": "DataKey.Arn"}


def test_no_function_knows_a_table_or_queue_of_another() -> None:
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]

    assert set(shared) == {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}


def test_no_right_is_a_wildcard() -> None:
    actions = [action for _, statement in statements() for action in actions_of(statement)]

    assert [action for action in actions if "*" in action] == []


def test_only_the_local_stage_has_rights_that_aws_does_not_ask_for() -> None:
    conditional = [
        action["Fn::If"]
        for _, statement in statements()
        for action in as_list(statement["Action"])
        if isinstance(action, dict)
    ]

    assert conditional
    for condition, in_production, _ in conditional:
        assert (condition, in_production) == ("KeepsData", {"Ref": "AWS::NoValue"})


def test_every_right_says_what_it_is_for() -> None:
    assert [name for name, statement in statements() if "Sid" not in statement] == []


def test_a_right_ends_at_this_stack() -> None:
    named = [str(resource) for _, statement in statements() for resource in as_list(statement["Resource"])]

    assert [resource for resource in named if resource == "*"] == []


@pytest.mark.parametrize("name", functions())
def test_a_function_is_told_of_every_table_it_may_touch_and_of_no_other(name: str) -> None:
    properties = functions()[name]
    told = {
        value["Ref"]
        for value in properties["Environment"]["Variables"].values()
        if isinstance(value, dict) and value.get("Ref", "").endswith("Table")
    }

    allowed = {
        table
        for owner, statement in statements()
        if owner == name
        for table in re.findall(r"(\w+Table)\.Arn|\$\{(\w+Table)\.Arn\}", str(statement["Resource"]))
        for table in table
        if table
    }
    assert told == allowed


def test_the_layer_ships_the_description_of_every_service_that_is_used() -> None:
    used = {action.split(":")[0] for _, statement in statements() for action in actions_of(statement)}

    assert used - {"iam"} <= BOTOCORE_SERVICES


def test_the_layer_ships_the_description_of_every_dynamodb_operation_that_is_allowed() -> None:
    allowed = {action for _, statement in statements() for action in actions_of(statement)}

    assert {name for name in allowed if name.startswith("dynamodb:")} <= {
        f"dynamodb:{operation}" for operation in DYNAMODB_OPERATIONS
    }


@pytest.mark.parametrize("name", resources("AWS::SQS::Queue"))
def test_a_queue_is_encrypted_and_ends_in_a_dead_letter_queue_with_an_alarm(name: str) -> None:
    queue = resources("AWS::SQS::Queue")[name]["Properties"]
    alarmed = {
        alarm["Properties"]["Dimensions"][0]["Value"].get("Fn::GetAtt")
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if "Dimensions" in alarm["Properties"]
    }

    assert queue["KmsMasterKeyId"] == {"Fn::GetAtt": "DataKey.Arn"}
    if name.endswith("DeadLetterQueue"):
        assert f"{name}.QueueName" in alarmed
    else:
        target = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"].removesuffix(".Arn")
        assert target in resources("AWS::SQS::Queue")
        assert target.endswith("DeadLetterQueue")


def test_what_the_worker_logs_as_an_error_rings() -> None:
    told = resources("AWS::Logs::MetricFilter")["DayNeedsSomebodyFilter"]["Properties"]
    alarm = resources("AWS::CloudWatch::Alarm")["DayNeedsSomebodyAlarm"]["Properties"]

    assert told["FilterPattern"] == '{ $.level = "ERROR" }'
    assert told["MetricTransformations"][0]["MetricName"] == alarm["MetricName"]


@pytest.mark.parametrize("name", functions())
def test_a_functions_errors_ring(name: str) -> None:
    alarms = [
        alarm["Properties"]
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if {"Name": "FunctionName", "Value": {"Ref": name}} in alarm["Properties"].get("Dimensions", ())
    ]

    assert [alarm["MetricName"] for alarm in alarms] == ["Errors"]


@pytest.mark.parametrize("name", resources("AWS::CloudWatch::Alarm"))
def test_an_alarm_says_what_to_do_and_tells_somebody(name: str) -> None:
    alarm = resources("AWS::CloudWatch::Alarm")[name]["Properties"]

    assert alarm["AlarmDescription"]
    assert {"Fn::If": ["HasEmail", {"Ref": "AlarmTopic"}, {"Ref": "AWS::NoValue"}]} in alarm["AlarmActions"]


@pytest.mark.parametrize("name", resources("AWS::DynamoDB::Table"))
def test_a_table_is_encrypted_with_the_stacks_key_and_can_be_restored(name: str) -> None:
    table = resources("AWS::DynamoDB::Table")[name]["Properties"]

    assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": "DataKey.Arn"}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", set(resources("AWS::DynamoDB::Table")) - TABLES_THAT_REFILL_BY_THEMSELVES)
def test_a_table_that_matters_outlives_its_stack(name: str) -> None:
    table = resources("AWS::DynamoDB::Table")[name]

    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["KeepsData", True, False]}


def test_a_consumer_of_a_queue_reports_its_failures_and_is_bounded() -> None:
    events = [
        (name, event["Properties"])
        for name, properties in functions().items()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "SQS"
    ]

    assert {name for name, _ in events} == {"StartSyncsFunction", "PushDailyBatchFunction"}
    for _, event in events:
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["ScalingConfig"]["MaximumConcurrency"] >= 2


def test_a_push_stays_hidden_for_six_runs_of_its_worker() -> None:
    parameters = template()["Parameters"]

    assert parameters["PushVisibilitySeconds"]["Default"] == 6 * parameters["PushTimeoutSeconds"]["Default"]


def test_every_resource_is_introduced_by_a_sentence() -> None:
    lines = (ROOT / "template.yaml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("Resources:")
    bare = [
        line.strip()
        for before, line in zip(lines[begin:], lines[begin + 1 :], strict=False)
        if re.fullmatch(r"  \w+:", line)
        and not before.startswith("  # ")
        and line.strip()[:-1] in template()["Resources"]
    ]

    assert bare == []
