"""What an export's saliency must be, by the tensors that `ccx inspect --dump` gives."""
import numpy as np


def expected_saliency(pair, grid):
    """[1, N]: of the change tokens, or of the head's map where it stands in the difference module's place."""
    if "cc.out.change" in pair:
        change = pair["cc.out.change"]
        return np.sqrt(((change - change.mean(1, keepdims=True)) ** 2).mean(-1))
    kinds = pair["change.kinds"]
    shares = np.exp(kinds - kinds.max(1, keepdims=True))
    changed = 1 - shares[:, 0] / shares.sum(1)
    cell = changed.shape[-1] // grid
    return changed.reshape(-1, grid, cell, grid, cell).max((2, 4)).reshape(1, -1)
