from __future__ import annotations

from pathlib import Path

from goodside.workers.exit_reason import count_memory_kills, describe_exit


def test_exit_codes_in_words() -> None:
    assert describe_exit(1) == "it ended with exit code 1"
    assert describe_exit(-9) == "it was killed by SIGKILL"
    assert describe_exit(-11) == "it crashed with SIGSEGV"
    assert describe_exit(-200) == "it was killed by signal 200"


def test_the_kernel_tells_of_kills_for_want_of_memory(tmp_path: Path) -> None:
    assert count_memory_kills(root=tmp_path) == 0
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("1:name=systemd:/x\n0::/user/app\n")
    assert count_memory_kills(root=tmp_path) == 0
    group = tmp_path / "sys/fs/cgroup/user/app"
    group.mkdir(parents=True)
    (group / "memory.events").write_text("low 0\noom 4\noom_kill 3\n")
    assert count_memory_kills(root=tmp_path) == 3
