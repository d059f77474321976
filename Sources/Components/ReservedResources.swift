// SPDX-License-Identifier: Apache-2.0

/// What EKS' own nodes keep from pods for the kubelet, the runtime and the system.
///
/// awslabs/amazon-eks-ami, al2 bootstrap.sh and nodeadm/internal/kubelet/config.go: both count the same.
package struct ReservedResources: Sendable, Equatable {
  /// Thousandths of a core.
  package let milliCPU: Int
  package let memoryMiB: Int

  /// 6 % of the first core, 1 % of the next, 0.5 % of the next two and 0.25 % of the rest; 255 MiB and
  /// 11 MiB for each pod.
  package init(cpus: Int, maxPods: Int) {
    milliCPU =
      switch cpus {
      case ...1: 60
      case ...4: 70 + (cpus - 2) * 5
      default: 80 + (cpus - 4) * 5 / 2
      }
    memoryMiB = 255 + 11 * maxPods
  }

  /// `70m`.
  package var cpu: String { "\(milliCPU)m" }

  /// `574Mi`.
  package var memory: String { "\(memoryMiB)Mi" }

  /// The same formulas in shell: `reserved_cpu CPUS` and `reserved_memory PODS` set their late values.
  static let functions = """
    # reserved_cpu CPUS: 6 % of the first core, 1 % of the next, 0.5 % of two more, 0.25 % of the rest.
    reserved_cpu() {
      if [ "$1" -gt 4 ]; then
        late_reserved_cpu=$((80 + ($1 - 4) * 5 / 2))m
      elif [ "$1" -gt 1 ]; then
        late_reserved_cpu=$((70 + ($1 - 2) * 5))m
      else
        late_reserved_cpu=60m
      fi
    }

    reserved_memory() { late_reserved_memory=$((255 + 11 * $1))Mi; }
    """
}
