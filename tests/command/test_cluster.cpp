// examples/cluster: the scripts themselves, around stand-ins for torchrun, srun and scontrol that do on this machine
// what those do on a cluster: start a process a rank with its environment, and pass signals on.
#include <algorithm>

#include "tests/command/caption_case.h"
#include "tests/command/train_workshop.h"

using namespace ccx;
using test::Workshop;

namespace {

std::string script(const std::string& name) {
  return test::quoted((test::data_dir() / "../../examples/cluster" / name).lexically_normal().string());
}

void write_program(const std::filesystem::path& path, const std::string& code) {
  test::write_file(path, "#!/usr/bin/env bash\n" + code);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

// Options of torchrun that the script gives; every rank is a process with torchrun's variables.
constexpr const char* kTorchrun = R"sh(
python=yes
while [[ $1 == --* ]]; do
  case $1 in
    --no-python) python=no; shift ;;
    --nnodes) nodes=$2; shift 2 ;;
    --node-rank) node=$2; shift 2 ;;
    --nproc-per-node) local_world=$2; shift 2 ;;
    --master-addr) export MASTER_ADDR=$2; shift 2 ;;
    --master-port) export MASTER_PORT=$2; shift 2 ;;
    *) echo "torchrun: unknown option $1" >&2; exit 2 ;;
  esac
done
[[ $python == no ]] || exit 2
export WORLD_SIZE=$((nodes * local_world)) LOCAL_WORLD_SIZE=$local_world TORCHELASTIC_RESTART_COUNT=0
pids=()
for ((i = 0; i < local_world; i++)); do
  RANK=$((node * local_world + i)) LOCAL_RANK=$i "$@" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
)sh";

// The step's exit code is the largest of its tasks'. Slurm signals tasks, not the batch script.
constexpr const char* kSrun = R"sh(
while [[ $1 == --* ]]; do shift; done
pids=()
for ((i = 0; i < SLURM_NTASKS; i++)); do
  SLURM_PROCID=$i SLURM_LOCALID=$i "$@" &
  pids+=($!)
done
passed_on=no
trap 'kill -TERM "${pids[@]}"; passed_on=yes' TERM
echo $$ >"$SRUN_PID"
worst=0
for pid in "${pids[@]}"; do
  wait "$pid"; code=$?
  if [[ $passed_on == yes && $code -eq 143 ]]; then passed_on=done; wait "$pid"; code=$?; fi
  ((code > worst)) && worst=$code
done
exit "$worst"
)sh";

constexpr const char* kScontrol = R"sh(
case $1 in
  show) echo 127.0.0.1 ;;
  requeue) echo "$2" >>"$REQUEUED" ;;
esac
)sh";

const std::string kCcx = "CCX=" + test::quoted(test::ccx_binary().string()) + " ";

// Without Gloo's headers a build trains in one process only.
void needs_gloo(const test::ProcessResult& result) {
  if (result.err.find("no Gloo") != std::string::npos) test::skip(test::Lacking::kBuild, "this build has no Gloo");
}

}  // namespace

TEST_CASE("torchrun.sh trains on two ranks what one process trains alone") {
  test::needs_command("train");
  const Workshop shop;
  const std::string more = "--epochs 3 --device cpu --dtype fp32";
  const test::ProcessResult alone = shop.run(shop.training("alone", more + " --accumulate 4"));
  INFO(alone.err);
  REQUIRE(alone.exit_code == 0);
  write_program(shop.dir / "bin/torchrun", kTorchrun);
  const std::string options = shop.training("two", more).substr(sizeof("train"));  // the script says `train` itself
  const test::ProcessResult two =
      test::run_shell("PATH=" + shop.path("bin") + ":$PATH " + kCcx + "GPUS=2 PORT=" + test::some_port(3) + " bash " +
                      script("torchrun.sh") + " " + options);
  INFO(two.err);
  needs_gloo(two);
  REQUIRE(two.exit_code == 0);
  const std::vector<double> one_curve = shop.losses("alone"), two_curve = shop.losses("two");
  REQUIRE(one_curve.size() == two_curve.size());
  // Sums in another order: float32 rounding, which training amplifies a little.
  for (size_t i = 0; i < one_curve.size(); ++i) CHECK(two_curve[i] == Approx(one_curve[i]).epsilon(1e-4));
}

TEST_CASE("train.sbatch saves and is queued again when its time is up, and the next job finishes the run") {
  test::needs_command("train");
  const Workshop shop;
  write_program(shop.dir / "bin/srun", kSrun);
  write_program(shop.dir / "bin/scontrol", kScontrol);
  const std::string job = "PATH=" + shop.path("bin") + ":$PATH SRUN_PID=" + shop.path("srun.pid") +
                          " REQUEUED=" + shop.path("requeued") + " SLURM_JOB_ID=" + test::some_port(4) +
                          " SLURM_JOB_NODELIST=here SLURM_NTASKS=2 " + kCcx + "bash " + script("train.sbatch") + " " +
                          shop.training("run", "--epochs 30 --device cpu").substr(sizeof("train"));
  const std::string lines = "$(cat " + shop.path("run/metrics.jsonl") + " 2>/dev/null | wc -l)";
  const test::ProcessResult first =
      test::run_shell(job + " & job=$!; while kill -0 $job 2>/dev/null && [ \"" + lines +
                      "\" -lt 2 ]; do sleep 0.02; done; kill -TERM $(cat " + shop.path("srun.pid") + "); wait $job");
  INFO(first.err);
  needs_gloo(first);
  const size_t done = shop.losses("run").size();
  CHECK(first.exit_code == 130);
  CHECK(test::lines_of(test::read_file(shop.dir / "requeued")).size() == 1);
  CHECK(std::filesystem::exists(shop.dir / "run/last/model.safetensors"));
  CHECK(done < 30);
  const test::ProcessResult second = test::run_shell(job);
  INFO(second.err);
  CHECK(second.exit_code == 0);
  CHECK(shop.losses("run").size() == 30);
  CHECK_THAT(second.err, test::contains("continuing after step " + std::to_string(done)));
}

TEST_CASE(
    "caption_array.sbatch captions in three tasks, one of them twice, and merges what one run would have written") {
  const test::CaptionCase c(11);
  REQUIRE(c.caption().exit_code == 0);
  const std::vector<std::string> expected = test::lines_of(c.output());
  const auto task = [&](int id, const std::string& environment = "") {
    return test::run_shell("cd " + test::quoted(c.path().string()) + " && " + environment +
                           " CCX=" + test::quoted(CCX_TEST_FAKE_BINARY) + " SLURM_ARRAY_TASK_ID=" + std::to_string(id) +
                           " SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 bash " + script("caption_array.sbatch") +
                           " model pairs out --no-timings");
  };
  // Task 1 fails first and is started again; until then nothing is merged.
  CHECK(task(1, "FAKE_NO_MODEL=1").exit_code != 0);
  CHECK(task(0).exit_code == 0);
  CHECK(task(2).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(c / "out/captions.jsonl"));
  const test::ProcessResult last = task(1);
  INFO(last.err);
  CHECK(last.exit_code == 0);
  CHECK(test::lines_of(c.output("out/captions.jsonl")) == expected);
  CHECK_FALSE(std::filesystem::exists(c / "out/merging"));
  // A finished array that is submitted again changes nothing.
  CHECK(task(2).exit_code == 0);
  CHECK(test::lines_of(c.output("out/captions.jsonl")) == expected);
}

TEST_CASE("caption_array.sbatch reports failed records with exit code 3 and merges all the same") {
  const test::CaptionCase c(6);
  const auto task = [&](int id) {
    return test::run_shell("cd " + test::quoted(c.path().string()) + " && FAKE_BROKEN=003 CCX=" +
                           test::quoted(CCX_TEST_FAKE_BINARY) + " SLURM_ARRAY_TASK_ID=" + std::to_string(id) +
                           " SLURM_ARRAY_TASK_COUNT=2 bash " + script("caption_array.sbatch") + " model pairs out")
        .exit_code;
  };
  const int first = task(0), second = task(1);
  CHECK(std::max(first, second) == 3);
  CHECK(std::min(first, second) == 0);
  CHECK(test::lines_of(c.output("out/captions.jsonl")).size() == 6);
}

TEST_CASE("training refuses an environment of ranks that makes no sense, naming the variable") {
  test::needs_command("train");
  const auto refused = [&](const std::string& environment, const std::string& message) {
    const test::ProcessResult result =
        test::run_shell(environment + " " + test::quoted(test::ccx_binary().string()) +
                        " train --stage 3 --model /nowhere --data scenes:4@1 --out /tmp/never");
    INFO(environment << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, test::contains(message));
  };
  refused("RANK=0", "WORLD_SIZE");
  refused("WORLD_SIZE=2", "RANK");
  refused("RANK=2 WORLD_SIZE=2 MASTER_ADDR=localhost", "rank 2 of 2");
  refused("RANK=one WORLD_SIZE=2 MASTER_ADDR=localhost", "RANK is \"one\"");
  refused("RANK=0 WORLD_SIZE=2", "MASTER_ADDR");
  refused("RANK=0 WORLD_SIZE=2 MASTER_ADDR=localhost MASTER_PORT=x", "MASTER_PORT");
  refused("SLURM_PROCID=0 SLURM_NTASKS=2", "MASTER_ADDR");
}
