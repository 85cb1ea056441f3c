"""What the deep tests run in processes of their own is not collected as tests."""

collect_ignore = ["full_disk.py", "record_scenario.py", "witness_scenario.py"]
