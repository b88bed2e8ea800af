// Who this process is among those of a run.
#pragma once

#include <string>

namespace ccx::train {

// Who this process is, from torchrun's variables (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT) or Slurm's
// (SLURM_PROCID, SLURM_NTASKS, SLURM_LOCALID). One process where neither is set.
struct Launch {
  int rank = 0;
  int world = 1;
  int local_rank = 0;
  std::string master_address = "127.0.0.1";
  int master_port = 29500;
  bool agent_store = false;  // torchrun keeps the store itself
  std::string restart = "0";

  // Throws UsageError naming the variable that is missing or no number.
  static Launch from_environment();
};

}  // namespace ccx::train
