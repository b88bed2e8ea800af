// Cores and memory that a control group leaves.
#include "core/io/machine.h"

#include "tests/support/catch.h"
#include "tests/support/process.h"

using namespace ccx;

TEST_CASE("a quota and a memory limit hold for a process in the group and in groups within it") {
  const test::TempDir root;
  test::write_file(root / "proc/self/cgroup", "0::/jobs/job7\n");
  CHECK(io::group_limits(root.path()).cores == 0);
  CHECK(io::group_limits(root.path()).memory_left == SIZE_MAX);

  test::write_file(root / "sys/fs/cgroup/jobs/cpu.max", "350000 100000\n");
  test::write_file(root / "sys/fs/cgroup/jobs/job7/cpu.max", "max 100000\n");
  test::write_file(root / "sys/fs/cgroup/jobs/memory.max", "1000000\n");
  test::write_file(root / "sys/fs/cgroup/jobs/memory.current", "400000\n");
  test::write_file(root / "sys/fs/cgroup/jobs/job7/memory.max", "max\n");
  test::write_file(root / "sys/fs/cgroup/jobs/job7/memory.current", "300000\n");
  CHECK(io::group_limits(root.path()).cores == 4);
  CHECK(io::group_limits(root.path()).memory_left == 600000);

  // The tightest counts, and less than a core is one core.
  test::write_file(root / "sys/fs/cgroup/jobs/job7/cpu.max", "20000 100000\n");
  test::write_file(root / "sys/fs/cgroup/jobs/job7/memory.max", "200000\n");
  CHECK(io::group_limits(root.path()).cores == 1);
  CHECK(io::group_limits(root.path()).memory_left == 0);
}

TEST_CASE("the older interface's quota and limit hold too, and its numbers for none are none") {
  const test::TempDir root;
  test::write_file(root / "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  test::write_file(root / "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  test::write_file(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  test::write_file(root / "sys/fs/cgroup/memory/memory.usage_in_bytes", "5\n");
  CHECK(io::group_limits(root.path()).cores == 0);
  CHECK(io::group_limits(root.path()).memory_left == SIZE_MAX);
  test::write_file(root / "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
  test::write_file(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", "8\n");
  CHECK(io::group_limits(root.path()).cores == 2);
  CHECK(io::group_limits(root.path()).memory_left == 3);
}

TEST_CASE("this machine has a core and some memory") {
  CHECK(io::usable_cores() >= 1);
  CHECK(io::available_memory() > 1 << 20);
}
