"""Event logs are written where the setting says, and nowhere without it."""

from carelake.spark import event_log


def test_without_a_place_there_are_none():
    assert event_log("") == {}


def test_a_folder_is_made_and_given_as_a_uri(tmp_path):
    found = event_log(str(tmp_path / "events"))
    assert (tmp_path / "events").is_dir()
    assert (
        found["spark.eventLog.dir"] == found["spark.history.fs.logDirectory"] == f"file://{tmp_path}/events"
    )
    assert found["spark.eventLog.enabled"] == "true"


def test_a_uri_is_left_as_it_is():
    assert event_log("s3a://bucket/events")["spark.eventLog.dir"] == "s3a://bucket/events"
